import { type ApiKey, instantText, type Scope, validationError } from '@automation/domain';
import { apiKeys, auditLog } from '@automation/store';

import { newApiKeyText } from '../auth/new-api-key-text.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Keep } from '../http/answer-kept.ts';
import type { Caller } from '../http/route.ts';
import { requireRoomForApiKey } from '../limits/account-limits.ts';
import { createdKeyEntry } from './account-audit-entries.ts';
import { newApiKey } from './new-api-key.ts';
import { requireAccount } from './require-account.ts';

export interface CreateApiKeyBody {
  name: string;
  scopes: Scope[];
  expires_at?: Date | null;
}

/** A key and its text. */
export interface ShownApiKey {
  key: ApiKey;
  text: string;
}

/** Makes an API key for an account, and answers it with its text, which is kept nowhere (SPEC 5). */
export async function createApiKey(
  api: ApiDependencies,
  caller: Caller,
  { accountId, body }: { accountId: string; body: CreateApiKeyBody },
  keep: Keep<ShownApiKey>,
): Promise<ShownApiKey> {
  const now = api.clock.now();
  const expiresAt = body.expires_at ?? null;
  if (expiresAt !== null && expiresAt <= now) {
    const message = `expires_at must be in the future, got ${instantText(expiresAt)}`;
    throw validationError(message, [{ field: 'expires_at', message }]);
  }
  await requireAccount(api.accounts, accountId);
  await api.limits.storage.requireRoom();
  const text = newApiKeyText();
  const key = newApiKey({ accountId, name: body.name, scopes: body.scopes, expiresAt, text }, now);
  await api.store.db.transaction().execute(async (trx) => {
    await requireRoomForApiKey(trx, accountId);
    await apiKeys.ensure(trx, key, text);
    await auditLog.record(trx, [createdKeyEntry(caller, key)]);
    await keep?.(trx, { key, text });
  });
  api.logger.info('api key created', {
    account_id: accountId,
    api_key_id: key.id,
    scopes: key.scopes,
    request_id: caller.requestId,
  });
  return { key, text };
}
