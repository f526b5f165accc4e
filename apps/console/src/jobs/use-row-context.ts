import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { useApi } from '../api/api-context.ts';
import { queryKeys } from '../api/query-keys.ts';
import { useFunctions } from '../functions/use-functions.ts';
import type { JobsContextValue, RecentByJob } from './jobs-context.ts';

const MARKS = 20;
const NONE: RecentByJob = {};

/** What the rows of some jobs show beside the jobs themselves. */
export function useRowContext(ids: string, openMenu: JobsContextValue['openMenu']): JobsContextValue {
  const recent = useRecentExecutions(ids);
  const { data: functions } = useFunctions();
  return useMemo(() => {
    const names = functions?.map(({ id, name }) => [id, name] as const);
    return { recent, functionNames: new Map(names), openMenu };
  }, [recent, functions, openMenu]);
}

/** The newest executions of jobs; those of the jobs before stay until they are there. */
function useRecentExecutions(ids: string): RecentByJob {
  const api = useApi();
  const { data = NONE } = useQuery({
    queryKey: queryKeys.recentExecutions(ids),
    queryFn: ({ signal }) =>
      api.get<RecentByJob>('/automation/recent-executions', { job_ids: ids, count: MARKS }, signal),
    enabled: ids !== '',
    placeholderData: keepPreviousData,
  });
  return data;
}
