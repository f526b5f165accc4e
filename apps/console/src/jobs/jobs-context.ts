import { createContext, useContext } from 'react';

import type { RecentExecution } from '../api/execution.ts';
import type { OpenMenu } from './job-menu.tsx';

/** The newest executions of jobs, by the jobs' ids. */
export type RecentByJob = Readonly<Record<string, RecentExecution[]>>;

/** What rows show that is not of the job itself, so that a change of it draws no row anew. */
export interface JobsContextValue {
  recent: RecentByJob;
  /** Without those that are kept elsewhere, or are not there yet. */
  functionNames: ReadonlyMap<string, string>;
  openMenu: (menu: OpenMenu) => void;
}

export const JobsContext = createContext<JobsContextValue | null>(null);

export function useJobsContext(): JobsContextValue {
  const value = useContext(JobsContext);
  if (value === null) throw new Error('useJobsContext outside of JobsContext');
  return value;
}
