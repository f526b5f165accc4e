import { type AutomationFunction, conflict } from '@automation/domain';
import { sql } from 'kysely';

import type { Database, Transaction } from './database.ts';
import { hasRoomFor } from './has-room-for.ts';
import { bytesOf, readPage } from './page-bytes.ts';
import { statement } from './statement.ts';

/** Every column of a function. */
const KEYS = [
  'id',
  'accountId',
  'name',
  'url',
  'headers',
  'timeoutSeconds',
  'secret',
  'previousSecret',
  'previousSecretUntil',
  'createdAt',
  'updatedAt',
] as const satisfies readonly (keyof AutomationFunction)[];

/** Stores a new function. Throws CONFLICT if its id is taken. */
export async function insert(db: Database, fn: AutomationFunction): Promise<void> {
  if (!(await ensure(db, fn))) throw conflict(`function ${fn.id} already exists`);
}

/** Stores a function unless its id is there; answers whether it is new. */
export async function ensure(db: Database, fn: AutomationFunction): Promise<boolean> {
  const result = await db
    .insertInto('functions')
    .values(fn)
    .onConflict((conflicting) => conflicting.column('id').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Whether the account may have another function, if it may have `most`, and so until the transaction ends. */
export async function hasRoom(trx: Transaction, accountId: string, most: number): Promise<boolean> {
  return hasRoomFor(trx, { kind: 'functions', accountId, most }, async () => {
    const { rows } = await sql<{ count: number }>`
      SELECT count(*) AS count FROM functions WHERE account_id = ${accountId}`.execute(trx);
    return rows[0]?.count ?? 0;
  });
}

/** The account's function of that id. */
export async function find(
  db: Database,
  accountId: string,
  id: string,
): Promise<AutomationFunction | undefined> {
  return db
    .selectFrom('functions')
    .select(KEYS)
    .where('id', '=', id)
    .where('accountId', '=', accountId)
    .executeTakeFirst();
}

/** Like `find`, and holds the row until the transaction ends; jobs may be created with the function meanwhile. */
export async function findForUpdate(
  trx: Transaction,
  accountId: string,
  id: string,
): Promise<AutomationFunction | undefined> {
  return trx
    .selectFrom('functions')
    .select(KEYS)
    .where('id', '=', id)
    .where('accountId', '=', accountId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

/** Keeps a function from being deleted until the transaction ends; answers whether the account has it. */
export async function hold(trx: Transaction, accountId: string, id: string): Promise<boolean> {
  const held = await runHold(trx, [accountId, id]);
  return held.length > 0;
}

/** The text of the same as part of a statement, over its parameters: no row if the account doesn't have the function. */
export function holding(accountId: string, id: string): string {
  return `SELECT id FROM functions WHERE account_id = ${accountId} AND id = ${id} FOR KEY SHARE`;
}

const runHold = statement<{ id: string }>(holding('$1', '$2'));

/** A page of an account's functions, newest first: as many as were asked for at most, and fewer if they are large. */
export async function list(
  db: Database,
  { accountId, limit, cursor }: { accountId: string; limit: number; cursor?: string | undefined },
): Promise<AutomationFunction[]> {
  let query = db.selectFrom('functions').select(KEYS).where('accountId', '=', accountId);
  if (cursor !== undefined) {
    query = query.where(
      sql<boolean>`(created_at, id) < (SELECT c.created_at, c.id FROM functions c WHERE c.id = ${cursor})`,
    );
  }
  const order = sql`created_at DESC, id DESC`;
  const page = query.select(bytesOf('url', 'headers').as('bytes')).orderBy(order).limit(limit);
  return readPage<AutomationFunction>(db, page, { columns: KEYS, order });
}

export type FunctionChanges = Partial<
  Pick<AutomationFunction, 'name' | 'url' | 'headers' | 'timeoutSeconds'>
> & { updatedAt: Date };

/** Changes a function; answers it, or undefined if the account has none of that id. */
export async function update(
  db: Database,
  accountId: string,
  id: string,
  changes: FunctionChanges,
): Promise<AutomationFunction | undefined> {
  return db
    .updateTable('functions')
    .set(changes)
    .where('id', '=', id)
    .where('accountId', '=', accountId)
    .returning(KEYS)
    .executeTakeFirst();
}

/**
 * Gives a function another secret; the one that it had signs beside it until `overlapsUntil`, if that is not null, and an
 * older one no more. Answers the function, or undefined if the account has none of that id.
 */
export async function rotateSecret(
  db: Database,
  accountId: string,
  id: string,
  { secret, overlapsUntil, updatedAt }: { secret: string; overlapsUntil: Date | null; updatedAt: Date },
): Promise<AutomationFunction | undefined> {
  return db
    .updateTable('functions')
    .set((columns) => ({
      secret,
      previousSecret: overlapsUntil === null ? null : columns.ref('secret'),
      previousSecretUntil: overlapsUntil,
      updatedAt,
    }))
    .where('id', '=', id)
    .where('accountId', '=', accountId)
    .returning(KEYS)
    .executeTakeFirst();
}

/** Deletes a function; answers it, or undefined if the account has none of that id. */
export async function remove(
  db: Database,
  accountId: string,
  id: string,
): Promise<AutomationFunction | undefined> {
  return db
    .deleteFrom('functions')
    .where('id', '=', id)
    .where('accountId', '=', accountId)
    .returning(KEYS)
    .executeTakeFirst();
}
