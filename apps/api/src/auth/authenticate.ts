import type { IncomingHttpHeaders } from 'node:http';

import { type ApiKey, AppError, coversScope, type Scope } from '@automation/domain';

import type { KnownKeys } from './known-keys.ts';

/**
 * The API key that a request shows, by `Authorization: Bearer` or `X-API-Key` (SPEC 5). Throws UNAUTHORIZED, the same
 * whether it is missing, unknown, revoked or expired, and FORBIDDEN if it lacks the scope.
 */
export async function authenticate(
  keys: Pick<KnownKeys, 'find'>,
  headers: IncomingHttpHeaders,
  scope: Scope,
): Promise<ApiKey> {
  const text = keyOf(headers);
  const key = text === undefined ? undefined : await keys.find(text);
  if (key === undefined) throw new AppError('UNAUTHORIZED', 'missing or invalid API key');
  if (!coversScope(key.scopes, scope)) {
    throw new AppError('FORBIDDEN', `forbidden: the API key lacks the scope ${scope}`);
  }
  return key;
}

function keyOf(headers: IncomingHttpHeaders): string | undefined {
  const [, bearer] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  if (bearer !== undefined) return bearer;
  const header = headers['x-api-key'];
  return typeof header === 'string' && header !== '' ? header : undefined;
}
