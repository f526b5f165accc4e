import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { useApi } from '../api/api-context.ts';
import { queryKeys } from '../api/query-keys.ts';
import type { Upcoming } from '../api/upcoming.ts';

const UPCOMING_COUNT = 10;

/** When a job runs next. */
export function useJobUpcoming(id: string): UseQueryResult<Upcoming> {
  const api = useApi();
  return useQuery({
    queryKey: queryKeys.jobUpcoming(id),
    queryFn: ({ signal }) =>
      api.get<Upcoming>(`/automation/jobs/${id}/upcoming`, { count: UPCOMING_COUNT }, signal),
  });
}
