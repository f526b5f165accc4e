import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { useApi } from '../api/api-context.ts';
import { retryAfterOf } from '../api/api-error.ts';
import type { Execution } from '../api/execution.ts';
import { queryKeys } from '../api/query-keys.ts';
import { useLiveState } from '../live/live-context.ts';
import { isOpen } from './is-open.ts';

/** How often an execution that is under way is read: nothing else tells of its beginnings. */
const WATCH_MS = 1_000;

/** An execution, followed until it has its outcome, which never changes. */
export function useExecution(id: string): UseQueryResult<Execution> {
  const api = useApi();
  const { pollMs } = useLiveState();
  return useQuery({
    queryKey: queryKeys.execution(id),
    queryFn: ({ signal }) =>
      api.get<Execution>(`/automation/executions/${encodeURIComponent(id)}`, {}, signal),
    refetchInterval: ({ state: { data, error } }) => {
      if (data !== undefined && !isOpen(data.status)) return false;
      return Math.max(data === undefined ? pollMs() : WATCH_MS, retryAfterOf(error));
    },
  });
}
