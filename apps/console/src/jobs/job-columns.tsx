import type { ReactNode } from 'react';

import type { Job } from '../api/job.ts';
import { Ago } from '../components/ago.tsx';
import { Countdown } from '../components/countdown.tsx';
import { JobBadge } from '../components/status-badge.tsx';
import { JobFunction } from './job-function.tsx';
import { JobMenuButton } from './job-menu-button.tsx';
import { JobName } from './job-name.tsx';
import { JobOutcomes } from './job-outcomes.tsx';
import { JobRuns } from './job-runs.tsx';
import { JobSchedule } from './job-schedule.tsx';
import { JobSummary } from './job-summary.tsx';
import type { JobSort } from './jobs-view.ts';

/** A column of the table of jobs. The ids of those that can be sorted are the api's words. */
export interface JobColumn {
  id: JobSort | 'select' | 'function' | 'schedule' | 'outcomes' | 'status' | 'menu';
  label: string;
  /** Of CSS grids: what it takes, or its share of what is left. */
  width: string;
  isSortable?: boolean;
  isAtEnd?: boolean;
  isRowHeader?: boolean;
  /** `isActive`: the tab key leads to the controls of the row. */
  cell: (job: Job, isActive: boolean) => ReactNode;
}

/** How much room there is for columns. */
export type Room = 'phone' | 'slim' | 'narrow' | 'wide';

const SELECT: JobColumn = { id: 'select', width: '40px', label: 'Select', cell: () => null };
const MENU: JobColumn = {
  id: 'menu',
  width: '44px',
  label: 'Actions',
  cell: (job, isActive) => <JobMenuButton job={job} isActive={isActive} />,
};

const COLUMNS: readonly JobColumn[] = [
  {
    id: 'name',
    label: 'Name',
    width: 'minmax(160px, 5fr)',
    isSortable: true,
    isRowHeader: true,
    cell: (job, isActive) => <JobName job={job} isActive={isActive} />,
  },
  { id: 'function', width: '132px', label: 'Function', cell: (job) => <JobFunction id={job.function_id} /> },
  {
    id: 'schedule',
    width: 'minmax(130px, 4fr)',
    label: 'Schedule',
    cell: (job) => <JobSchedule job={job} />,
  },
  {
    id: 'next_run',
    width: '92px',
    label: 'Next run',
    isSortable: true,
    cell: (job) => <Countdown to={job.next_run} />,
  },
  {
    id: 'outcomes',
    width: '172px',
    label: 'Last 20',
    isAtEnd: true,
    cell: ({ id }) => <JobOutcomes id={id} />,
  },
  {
    id: 'last_run',
    width: '80px',
    label: 'Last run',
    isSortable: true,
    cell: (job) => <Ago at={job.last_run} />,
  },
  {
    id: 'run_count',
    width: '80px',
    label: 'Runs',
    isSortable: true,
    isAtEnd: true,
    cell: (job) => <JobRuns job={job} />,
  },
  { id: 'status', width: '100px', label: 'Status', cell: (job) => <JobBadge status={job.status} /> },
];

const COLUMNS_IN: Record<Room, readonly JobColumn[]> = {
  wide: COLUMNS,
  narrow: COLUMNS.filter(({ id }) => id !== 'last_run'),
  slim: COLUMNS.filter(({ id }) => id !== 'last_run' && id !== 'function' && id !== 'run_count'),
  phone: [
    {
      id: 'name',
      label: 'Job',
      width: 'minmax(0, 1fr)',
      isRowHeader: true,
      cell: (job, isActive) => <JobSummary job={job} isActive={isActive} />,
    },
  ],
};

/** The columns for which there is room; those that act on jobs only for whoever may. */
export function columnsFor(room: Room, mayWrite: boolean): JobColumn[] {
  const columns = COLUMNS_IN[room];
  return mayWrite ? [SELECT, ...columns, MENU] : [...columns];
}
