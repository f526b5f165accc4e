import { accounts, type Database } from '@automation/store';

import type { AccountDirectory } from './account-directory.ts';

/** The built-in accounts. */
export function storedAccounts(db: Database): AccountDirectory {
  return { find: (id) => accounts.find(db, id) };
}
