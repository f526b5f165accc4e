import { type ApiKey, newId, type Scope } from '@automation/domain';

import { keyPrefix } from '../auth/new-api-key-text.ts';

/** A key as it is stored, for a text that is shown once (SPEC 5). */
export function newApiKey(
  input: { accountId: string; name: string; scopes: Scope[]; expiresAt: Date | null; text: string },
  now: Date,
): ApiKey {
  const { text, ...given } = input;
  return {
    ...given,
    id: newId(now),
    prefix: keyPrefix(text),
    revokedAt: null,
    lastUsedAt: null,
    createdAt: now,
  };
}
