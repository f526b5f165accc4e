import type { AccountDirectory } from '@automation/directory';
import { notFound } from '@automation/domain';

/** Throws NOT_FOUND unless there is an account of that id, whoever keeps it. */
export async function requireAccount(accounts: AccountDirectory, id: string): Promise<void> {
  if ((await accounts.find(id)) === undefined) throw notFound('account', id);
}
