import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { useApi } from '../api/api-context.ts';
import type { FunctionHealth } from '../api/function-health.ts';
import { queryKeys } from '../api/query-keys.ts';

const REREAD_MS = 10_000;

/** How the functions do that were invoked in the last hour, the worst first. */
export function useFunctionHealth(): UseQueryResult<FunctionHealth[]> {
  const api = useApi();
  return useQuery({
    queryKey: queryKeys.functionHealth(),
    queryFn: ({ signal }) => api.get<FunctionHealth[]>('/automation/function-health', {}, signal),
    refetchInterval: REREAD_MS,
  });
}
