import { useMutation, useQueryClient } from '@tanstack/react-query';

import { useApi } from '../api/api-context.ts';
import type { FunctionTest } from '../api/function-test.ts';
import type { JsonObject } from '../api/json-value.ts';
import { queryKeys } from '../api/query-keys.ts';
import type { PhaseName } from '../executions/waterfall.ts';

export interface TestCall {
  phase: PhaseName;
  payload: JsonObject;
}

/** Has the api make one request to a function, as a worker would. */
export function useTestCall(functionId: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: TestCall) =>
      api.send<FunctionTest>(`/functions/${encodeURIComponent(functionId)}/test`, { method: 'POST', body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.functionHealth() }),
  });
}
