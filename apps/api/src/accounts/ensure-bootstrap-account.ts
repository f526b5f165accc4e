import { accounts, apiKeys } from '@automation/store';

import type { ApiConfig } from '../config.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { newApiKey } from './new-api-key.ts';

/** Makes the configured account and its admin key unless they are there (SPEC 6, BOOTSTRAP_*). */
export async function ensureBootstrapAccount(
  { store, clock, logger }: ApiDependencies,
  { BOOTSTRAP_ACCOUNT_ID: accountId, BOOTSTRAP_API_KEY: text }: ApiConfig,
): Promise<void> {
  if (accountId === undefined || text === undefined) return;
  const now = clock.now();
  const isNew = await accounts.ensure(store.db, { id: accountId, name: accountId, createdAt: now });
  const key = newApiKey({ accountId, name: 'bootstrap', scopes: ['admin'], expiresAt: null, text }, now);
  await apiKeys.ensure(store.db, key, text);
  if (isNew) logger.info('bootstrap account created', { account_id: accountId });
}
