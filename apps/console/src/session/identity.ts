import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { useApi } from '../api/api-context.ts';
import { queryKeys } from '../api/query-keys.ts';

export type Scope = 'read' | 'write' | 'admin';

/** Whose key it is, and what it may do; a scope includes those before it. */
export interface Identity {
  account_id: string;
  /** Null if nobody can tell it. */
  account_name: string | null;
  scopes: Scope[];
  actor: { kind: string; id: string };
}

const RETRY_MS = 5_000;

/** Who is signed in. */
export function useIdentity(): UseQueryResult<Identity> {
  const api = useApi();
  return useQuery({
    queryKey: queryKeys.identity(),
    queryFn: ({ signal }) => api.get<Identity>('/identity', {}, signal),
    staleTime: Infinity,
    gcTime: Infinity,
    // It stays what it is; until it is known, nothing else can be shown.
    refetchInterval: ({ state }) => (state.data === undefined ? RETRY_MS : false),
  });
}

/** Whether the key may do what needs a scope. What it may not do is not offered. */
export function useMay(scope: Scope): boolean {
  return useIdentity().data?.scopes.includes(scope) ?? false;
}
