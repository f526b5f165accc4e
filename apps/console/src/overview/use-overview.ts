import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';

import { useApi } from '../api/api-context.ts';
import type { Overview } from '../api/overview.ts';
import { queryKeys } from '../api/query-keys.ts';
import { type OverviewHistory, withOverview } from './overview-history.ts';

const POLL_MS = 5_000;

/** How the whole service does, and has done while the console was looking. */
export function useOverview(): UseQueryResult<OverviewHistory> {
  const api = useApi();
  const queries = useQueryClient();
  const queryKey = queryKeys.overview();
  return useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const latest = await api.get<Overview>('/admin/overview', {}, signal);
      return withOverview(queries.getQueryData<OverviewHistory>(queryKey), latest);
    },
    refetchInterval: POLL_MS,
  });
}
