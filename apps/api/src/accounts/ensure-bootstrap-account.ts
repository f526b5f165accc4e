import { BY_SERVICE } from '@automation/domain';
import { accounts, apiKeys, auditLog } from '@automation/store';

import type { ApiConfig } from '../config.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { createdAccountEntry, createdKeyEntry } from './account-audit-entries.ts';
import { newApiKey } from './new-api-key.ts';

/** Makes the configured account, if accounts are kept here, and its admin key unless they are there (SPEC 6, BOOTSTRAP_*). */
export async function ensureBootstrapAccount(
  { store, external, clock, logger }: ApiDependencies,
  { BOOTSTRAP_ACCOUNT_ID: accountId, BOOTSTRAP_API_KEY: text }: ApiConfig,
): Promise<void> {
  if (accountId === undefined || text === undefined) return;
  const now = clock.now();
  const account = { id: accountId, name: accountId, createdAt: now };
  const key = newApiKey({ accountId, name: 'bootstrap', scopes: ['admin'], expiresAt: null, text }, now);
  const isNew = await store.db.transaction().execute(async (trx) => {
    const accountIsNew = external.accounts === null && (await accounts.ensure(trx, account));
    if (accountIsNew) await auditLog.record(trx, [createdAccountEntry(BY_SERVICE, account)]);
    const keyIsNew = await apiKeys.ensure(trx, key, text);
    if (keyIsNew) await auditLog.record(trx, [createdKeyEntry(BY_SERVICE, key)]);
    return accountIsNew;
  });
  if (isNew) logger.info('bootstrap account created', { account_id: accountId });
}
