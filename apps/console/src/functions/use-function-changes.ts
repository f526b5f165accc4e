import { useMutation, useQueryClient } from '@tanstack/react-query';

import { useApi } from '../api/api-context.ts';
import type { Api, Change } from '../api/api.ts';
import type { AutomationFunction } from '../api/automation-function.ts';
import { queryKeys } from '../api/query-keys.ts';
import { draftOf, type FunctionDraft } from './function-draft.ts';
import { readBody } from './function-problems.ts';

/** A function and its secret, which the api shows this once. */
export interface FunctionWithSecret extends AutomationFunction {
  secret: string;
}

const pathOf = ({ id }: Pick<AutomationFunction, 'id'>) => `/functions/${encodeURIComponent(id)}`;

export function useCreateFunction(onCreated: (fn: FunctionWithSecret) => void) {
  return useFunctionChange(
    (api, draft: FunctionDraft) => api.make<FunctionWithSecret>('/functions', readBody(draft, null)),
    onCreated,
  );
}

/** Changes the fields in which a draft differs from the function. */
export function useUpdateFunction(fn: AutomationFunction, onUpdated: (fn: AutomationFunction) => void) {
  return useFunctionChange(
    (api, draft: FunctionDraft) =>
      api.send<AutomationFunction>(pathOf(fn), { method: 'PATCH', body: readBody(draft, draftOf(fn)) }),
    onUpdated,
  );
}

export function useDeleteFunction(fn: AutomationFunction, onDeleted: () => void) {
  const change: Change = { method: 'DELETE' };
  return useFunctionChange<void, AutomationFunction>((api) => api.send(pathOf(fn), change), onDeleted);
}

/** Gives a function a new secret; the old one signs beside it for so many seconds. */
export function useRotateSecret(fn: AutomationFunction, onRotated: (fn: FunctionWithSecret) => void) {
  return useFunctionChange(
    (api, overlapSeconds: number) =>
      api.make<FunctionWithSecret>(`${pathOf(fn)}/rotate-secret`, { overlap_seconds: overlapSeconds }),
    onRotated,
  );
}

/** A change after which all that is known of functions is read again. */
function useFunctionChange<Given, Answer>(
  send: (api: Api, given: Given) => Promise<Answer>,
  onDone: (answer: Answer) => void,
) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: Given) => send(api, given),
    onSuccess: (answer) => {
      onDone(answer);
      return queries.invalidateQueries({ queryKey: queryKeys.functions() });
    },
  });
}
