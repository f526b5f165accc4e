import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import type { Api } from '../api/api.ts';
import { useApi } from '../api/api-context.ts';
import { ApiError } from '../api/api-error.ts';
import type { AutomationFunction } from '../api/automation-function.ts';
import { queryKeys } from '../api/query-keys.ts';

/** As many as an account may have. */
const MOST_FUNCTIONS = 1_000;

/** The functions to choose from; null if another service keeps them, so that they can't be listed. */
export function useFunctions(): UseQueryResult<AutomationFunction[] | null> {
  const api = useApi();
  return useQuery({
    queryKey: queryKeys.functionChoices(),
    queryFn: async ({ signal }) => {
      try {
        return await listFunctions(api, signal);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    refetchInterval: 60_000,
  });
}

/** One page, unless the functions are large. */
async function listFunctions(api: Api, signal: AbortSignal): Promise<AutomationFunction[]> {
  let page = await api.list<AutomationFunction>('/functions', { limit: MOST_FUNCTIONS }, signal);
  const functions = page.items;
  while (page.next !== null) {
    page = await api.list<AutomationFunction>(page.next, {}, signal);
    functions.push(...page.items);
  }
  return functions;
}
