import { useQuery } from '@tanstack/react-query';

import { useApi } from '../api/api-context.ts';
import type { Execution } from '../api/execution.ts';
import { queryKeys } from '../api/query-keys.ts';
import { useLiveState } from '../live/live-context.ts';

/** Ids of the executions of the same job before and after one; null if there is none. */
export interface Siblings {
  previous: string | null;
  next: string | null;
}

/** The neighbours of an execution. There is nothing to read again once one has followed. */
export function useSiblings({ id, job_id: jobId }: Execution): Siblings | undefined {
  const api = useApi();
  const { pollMs } = useLiveState();
  const { data } = useQuery({
    queryKey: queryKeys.executionSiblings(id),
    queryFn: async ({ signal }) => {
      const beside = async (order: 'asc' | 'desc') => {
        const search = { cursor: id, limit: 1, order };
        const { items } = await api.list<Execution>(`/automation/jobs/${jobId}/executions`, search, signal);
        return items[0]?.id ?? null;
      };
      const [previous, next] = await Promise.all([beside('desc'), beside('asc')]);
      return { previous, next };
    },
    refetchInterval: ({ state }) => (typeof state.data?.next === 'string' ? false : pollMs()),
  });
  return data;
}
