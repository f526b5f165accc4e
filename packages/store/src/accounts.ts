import { type Account, conflict } from '@automation/domain';

import type { Database } from './database.ts';

/** Every column of an account. */
const KEYS = ['id', 'name', 'createdAt'] as const satisfies readonly (keyof Account)[];

/** Stores a new account. Throws CONFLICT if its id is taken. */
export async function insert(db: Database, account: Account): Promise<void> {
  if (!(await ensure(db, account))) throw conflict(`account ${account.id} already exists`);
}

/** Stores an account unless it is there; answers whether it is new. */
export async function ensure(db: Database, account: Account): Promise<boolean> {
  const result = await db
    .insertInto('accounts')
    .values(account)
    .onConflict((conflicting) => conflicting.column('id').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function find(db: Database, id: string): Promise<Account | undefined> {
  return db.selectFrom('accounts').select(KEYS).where('id', '=', id).executeTakeFirst();
}

/** All accounts, by id. */
export async function list(
  db: Database,
  page: { limit: number; cursor?: string | undefined },
): Promise<Account[]> {
  let query = db.selectFrom('accounts').select(KEYS);
  if (page.cursor !== undefined) query = query.where('id', '>', page.cursor);
  return query.orderBy('id').limit(page.limit).execute();
}
