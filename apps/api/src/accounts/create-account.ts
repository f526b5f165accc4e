import { type Account, newId } from '@automation/domain';
import { accounts, auditLog } from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import type { Keep } from '../http/answer-kept.ts';
import type { Caller } from '../http/route.ts';
import { createdAccountEntry } from './account-audit-entries.ts';

export interface CreateAccountBody {
  id?: string;
  name: string;
}

/** Makes an account (SPEC 5). Throws CONFLICT if its id is taken. */
export async function createAccount(
  api: ApiDependencies,
  caller: Caller,
  { id, name }: CreateAccountBody,
  keep: Keep<Account>,
): Promise<Account> {
  await api.limits.storage.requireRoom();
  const now = api.clock.now();
  const account = { id: id ?? newId(now), name, createdAt: now };
  await api.store.db.transaction().execute(async (trx) => {
    await accounts.insert(trx, account);
    await auditLog.record(trx, [createdAccountEntry(caller, account)]);
    await keep?.(trx, account);
  });
  api.logger.info('account created', { account_id: account.id, request_id: caller.requestId });
  return account;
}
