import { type Account, notFound } from '@automation/domain';
import { accounts, type Database } from '@automation/store';

/** The account of that id. Throws NOT_FOUND. */
export async function requireAccount(db: Database, id: string): Promise<Account> {
  const account = await accounts.find(db, id);
  if (account === undefined) throw notFound('account', id);
  return account;
}
