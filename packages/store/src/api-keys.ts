import { createHash } from 'node:crypto';

import type { ApiKey } from '@automation/domain';
import { sql } from 'kysely';

import type { Database, Transaction } from './database.ts';
import { hasRoomFor } from './has-room-for.ts';

const COLUMNS = [
  'id',
  'accountId',
  'name',
  'prefix',
  'scopes',
  'expiresAt',
  'revokedAt',
  'lastUsedAt',
  'createdAt',
] as const;

/** Stores a key by its hash unless it is there; answers whether it is new. */
export async function ensure(db: Database, key: ApiKey, text: string): Promise<boolean> {
  const result = await db
    .insertInto('apiKeys')
    .values({ ...key, hash: hashOf(text) })
    .onConflict((conflicting) => conflicting.column('hash').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Whether the account may have another valid key, if it may have `most`, and so until the transaction ends. */
export async function hasRoom(trx: Transaction, accountId: string, most: number): Promise<boolean> {
  return hasRoomFor(trx, { kind: 'api keys', accountId, most }, async () => {
    const { rows } = await sql<{ count: number }>`
      SELECT count(*) AS count FROM api_keys
      WHERE account_id = ${accountId} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`.execute(
      trx,
    );
    return rows[0]?.count ?? 0;
  });
}

/**
 * The key of that text if it is valid now. Its last use is noted to the minute, so that a busy key is not a busy row.
 */
export async function authenticate(db: Database, text: string): Promise<ApiKey | undefined> {
  const key = await db
    .selectFrom('apiKeys')
    .select(COLUMNS)
    .where('hash', '=', hashOf(text))
    .where('revokedAt', 'is', null)
    .where((eb) => eb.or([eb('expiresAt', 'is', null), eb('expiresAt', '>', sql<Date>`now()`)]))
    .executeTakeFirst();
  if (key !== undefined && isOlderThanMinute(key.lastUsedAt)) {
    await db
      .updateTable('apiKeys')
      .set({ lastUsedAt: sql<Date>`now()` })
      .where('id', '=', key.id)
      .execute();
  }
  return key;
}

/** An account's keys, newest first. */
export async function list(db: Database, accountId: string): Promise<ApiKey[]> {
  return db
    .selectFrom('apiKeys')
    .select(COLUMNS)
    .where('accountId', '=', accountId)
    .orderBy('id', 'desc')
    .execute();
}

/** The account's key of that id; holds the row until the transaction ends. */
export async function findForUpdate(
  trx: Transaction,
  accountId: string,
  id: string,
): Promise<ApiKey | undefined> {
  return trx
    .selectFrom('apiKeys')
    .select(COLUMNS)
    .where('id', '=', id)
    .where('accountId', '=', accountId)
    .forUpdate()
    .executeTakeFirst();
}

/** Revokes a key; answers it, or undefined if the account has none of that id. */
export async function revoke(db: Database, accountId: string, id: string): Promise<ApiKey | undefined> {
  return db
    .updateTable('apiKeys')
    .set({ revokedAt: sql<Date>`coalesce(revoked_at, now())` })
    .where('id', '=', id)
    .where('accountId', '=', accountId)
    .returning(COLUMNS)
    .executeTakeFirst();
}

/**
 * Keys are random and long, so a plain hash is enough: there is nothing to guess. It is what the look-up compares, and nobody
 * can choose a key whose hash comes close to another's: how long it takes tells nothing.
 */
function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function isOlderThanMinute(instant: Date | null): boolean {
  return instant === null || Date.now() - instant.getTime() > 60_000;
}
