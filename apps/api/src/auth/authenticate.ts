import type { IncomingHttpHeaders } from 'node:http';

import { AppError, coversScope, type Scope } from '@automation/domain';

import type { ApiDependencies } from '../dependencies.ts';
import type { Identity } from './identity.ts';
import { isToken } from './token-verifier.ts';

/** What knows the credentials that there are. */
export type Authorities = Pick<ApiDependencies, 'keys' | 'tokens' | 'accounts'>;

/**
 * Who sends a request: by an API key in `Authorization: Bearer` or `X-API-Key`, or by a JWT as Bearer (SPEC 5). Throws
 * UNAUTHORIZED, the same whatever is wrong with the credential, FORBIDDEN if it lacks the scope, and UNAVAILABLE if it can't
 * be told whether it is valid.
 */
export async function authenticate(
  authorities: Authorities,
  headers: IncomingHttpHeaders,
  scope: Scope,
): Promise<Identity> {
  const identity = await identify(authorities, headers);
  if (identity === undefined) throw new AppError('UNAUTHORIZED', 'missing or invalid API key or token');
  if (!coversScope(identity.scopes, scope)) {
    const credential = identity.actor.kind === 'jwt' ? 'token' : 'API key';
    throw new AppError('FORBIDDEN', `forbidden: the ${credential} lacks the scope ${scope}`);
  }
  return identity;
}

async function identify(
  { keys, tokens, accounts }: Authorities,
  headers: IncomingHttpHeaders,
): Promise<Identity | undefined> {
  const [, bearer] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  if (tokens !== null && bearer !== undefined && isToken(bearer)) {
    const identity = await tokens.verify(bearer);
    const account = identity && (await accounts.find(identity.accountId));
    return account && identity;
  }
  const text = bearer ?? headers['x-api-key'];
  if (typeof text !== 'string' || text === '') return undefined;
  const key = await keys.find(text);
  return key && { accountId: key.accountId, actor: { kind: 'api_key', id: key.id }, scopes: key.scopes };
}
