import type { Actor, Scope } from '@automation/domain';

/** Who sends a request, for which account, and what they may do. */
export interface Identity {
  accountId: string;
  /** The API key by its id, or the JWT's subject. */
  actor: Actor;
  scopes: readonly Scope[];
}
