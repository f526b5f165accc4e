import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { useApi } from '../api/api-context.ts';
import { retryAfterOf } from '../api/api-error.ts';
import type { RecentExecution } from '../api/execution.ts';
import { queryKeys } from '../api/query-keys.ts';
import { isOpen } from '../executions/is-open.ts';
import { useLiveState } from '../live/live-context.ts';

const RECENT_COUNT = 50;
const OPEN_POLL_MS = 1_000;

/** The newest executions of a job, the newest first. While one is under way they are read each second: its steps are no events. */
export function useJobRecents(id: string): UseQueryResult<RecentExecution[]> {
  const api = useApi();
  const live = useLiveState();
  return useQuery({
    queryKey: queryKeys.jobRecentExecutions(id),
    queryFn: async ({ signal }) => {
      const search = { job_ids: id, count: RECENT_COUNT };
      const path = '/automation/recent-executions';
      const byJob = await api.get<Record<string, RecentExecution[]>>(path, search, signal);
      return byJob[id] ?? [];
    },
    refetchInterval: ({ state: { data, error } }) => {
      const isWatched = data?.some(({ status }) => isOpen(status)) ?? false;
      return Math.max(isWatched ? OPEN_POLL_MS : live.pollMs(), retryAfterOf(error));
    },
  });
}
