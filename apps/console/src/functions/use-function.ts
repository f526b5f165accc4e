import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { useApi } from '../api/api-context.ts';
import { ApiError } from '../api/api-error.ts';
import type { AutomationFunction } from '../api/automation-function.ts';
import { KEPT_FOR_FORMS_MS } from '../api/query-client.ts';
import { queryKeys } from '../api/query-keys.ts';

const REREAD_MS = 30_000;

/** A function. One that is not found, as when another service keeps it, is not asked for again. */
export function useFunction(id: string): UseQueryResult<AutomationFunction> {
  const api = useApi();
  return useQuery({
    queryKey: queryKeys.functionDetail(id),
    queryFn: ({ signal }) => api.get<AutomationFunction>(`/functions/${encodeURIComponent(id)}`, {}, signal),
    gcTime: KEPT_FOR_FORMS_MS,
    refetchInterval: ({ state }) => (isNotFound(state.error) ? false : REREAD_MS),
  });
}

function isNotFound(error: Error | null): boolean {
  return error instanceof ApiError && error.status === 404;
}
