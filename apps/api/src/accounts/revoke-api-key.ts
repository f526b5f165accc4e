import { type ApiKey, isId, notFound } from '@automation/domain';
import { apiKeys, auditLog } from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import type { Caller } from '../http/route.ts';
import { revokedKeyEntry } from './account-audit-entries.ts';

/** Revokes an account's API key (SPEC 5); one that is revoked already stays as it is. Throws NOT_FOUND. */
export async function revokeApiKey(
  api: ApiDependencies,
  caller: Caller,
  { accountId, id }: { accountId: string; id: string },
): Promise<ApiKey> {
  const revoked = await api.store.db.transaction().execute(async (trx) => {
    const before = present(isId(id) ? await apiKeys.findForUpdate(trx, accountId, id) : undefined, id);
    if (before.revokedAt !== null) return before;
    const key = present(await apiKeys.revoke(trx, accountId, id), id);
    await auditLog.record(trx, [revokedKeyEntry(caller, key, api.clock.now())]);
    return key;
  });
  api.keys.forget();
  api.logger.info('api key revoked', {
    account_id: accountId,
    api_key_id: id,
    request_id: caller.requestId,
  });
  return revoked;
}

function present(key: ApiKey | undefined, id: string): ApiKey {
  if (key === undefined) throw notFound('API key', id);
  return key;
}
