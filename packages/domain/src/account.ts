export const SCOPES = ['read', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Account {
  id: string;
  name: string;
  createdAt: Date;
}

/** An API key as it is kept: its text is shown once, and only its hash is stored (SPEC 5). */
export interface ApiKey {
  id: string;
  accountId: string;
  name: string;
  scopes: Scope[];
  /** The key's first characters, so that its owner can tell it from others. */
  prefix: string;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
  createdAt: Date;
}

/** Whether granted scopes cover one: `admin` includes `write`, `write` includes `read`. */
export function coversScope(granted: readonly Scope[], needed: Scope): boolean {
  const rank = SCOPES.indexOf(needed);
  return granted.some((scope) => SCOPES.indexOf(scope) >= rank);
}
