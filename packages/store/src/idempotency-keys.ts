import type { JsonValue } from '@automation/domain';
import { sql } from 'kysely';

import type { Database } from './database.ts';
import { deleteInBatches } from './delete-in-batches.ts';

/** What is known of a key at its second use (SPEC 5). */
export type KeyState =
  | { kind: 'new' }
  | { kind: 'different_request' }
  | { kind: 'under_way' }
  | { kind: 'answered'; status: number; body: JsonValue };

/** How long an answer is kept, and how long a request without one counts as under way. */
const KEPT = sql`interval '24 hours'`;
const ABANDONED = sql`interval '2 minutes'`;

/** Takes the key for a request, or says what became of the request that had taken it. */
export async function begin(
  db: Database,
  request: { accountId: string; key: string; requestHash: Buffer },
): Promise<KeyState> {
  const taken = await db
    .insertInto('idempotencyKeys')
    .values({ ...request, responseStatus: null, responseBody: null })
    .onConflict((conflicting) =>
      conflicting
        .columns(['accountId', 'key'])
        .doUpdateSet({ ...request, responseStatus: null, responseBody: null, createdAt: sql<Date>`now()` })
        .where(
          sql<boolean>`idempotency_keys.created_at < now() - ${KEPT}
            OR (idempotency_keys.response_status IS NULL AND idempotency_keys.created_at < now() - ${ABANDONED})`,
        ),
    )
    .returning('key')
    .executeTakeFirst();
  if (taken !== undefined) return { kind: 'new' };
  return stateOf(db, request);
}

async function stateOf(
  db: Database,
  request: { accountId: string; key: string; requestHash: Buffer },
): Promise<KeyState> {
  const row = await db
    .selectFrom('idempotencyKeys')
    .select(['requestHash', 'responseStatus', 'responseBody'])
    .where('accountId', '=', request.accountId)
    .where('key', '=', request.key)
    .executeTakeFirst();
  if (row === undefined) return { kind: 'under_way' };
  if (!row.requestHash.equals(request.requestHash)) return { kind: 'different_request' };
  if (row.responseStatus === null) return { kind: 'under_way' };
  return { kind: 'answered', status: row.responseStatus, body: row.responseBody };
}

/** Keeps the answer for repeats of the request. */
export async function finish(
  db: Database,
  answer: { accountId: string; key: string; status: number; body: JsonValue },
): Promise<void> {
  await db
    .updateTable('idempotencyKeys')
    .set({ responseStatus: answer.status, responseBody: JSON.stringify(answer.body) })
    .where('accountId', '=', answer.accountId)
    .where('key', '=', answer.key)
    .execute();
}

/** Gives the key back, unless it has an answer: the request failed before it did anything, and may be tried again. */
export async function abandon(db: Database, request: { accountId: string; key: string }): Promise<void> {
  await db
    .deleteFrom('idempotencyKeys')
    .where('accountId', '=', request.accountId)
    .where('key', '=', request.key)
    .where('responseStatus', 'is', null)
    .execute();
}

/** Deletes the keys that are past their time. */
export async function removeExpired(db: Database): Promise<void> {
  await deleteInBatches(db, 'idempotencyKeys', sql`created_at < now() - ${KEPT}`);
}
