import { type RawBuilder, sql } from 'kysely';

import type { Database, Transaction } from './database.ts';
import { BATCH, inBatches } from './delete-in-batches.ts';

/**
 * Drops the events that were published before an instant, and notes at endpoints that have not got them that they are
 * lost; answers how many they were. The latest one stays, whenever it was: the next position follows it.
 */
export async function dropEventsBefore(db: Database, oldest: Date): Promise<number> {
  return drop(db, sql`published_at < ${oldest}::timestamptz`);
}

/** The same of all but so many, the latest ones. */
export async function dropEventsBeyond(db: Database, most: number): Promise<number> {
  return drop(db, sql`position <= newest - ${most}::bigint`);
}

async function drop(db: Database, isPast: RawBuilder<unknown>): Promise<number> {
  return inBatches(() => db.transaction().execute((trx) => dropBatch(trx, isPast)));
}

async function dropBatch(trx: Transaction, isPast: RawBuilder<unknown>): Promise<number> {
  // Positions are in the order of their publication: read along them, no further than a batch.
  const { rows } = await sql<{ upTo: number | null }>`
    SELECT max(position) AS up_to
    FROM (SELECT position, published_at FROM automation_events ORDER BY position LIMIT ${BATCH}) AS first,
         (SELECT max(position) AS newest FROM automation_events) AS last
    WHERE ${isPast} AND position < newest`.execute(trx);
  const upTo = rows[0]?.upTo ?? null;
  if (upTo === null) return 0;
  await noteLosses(trx, upTo);
  const dropped = await trx.deleteFrom('automationEvents').where('position', '<=', upTo).executeTakeFirst();
  return Number(dropped.numDeletedRows);
}

async function noteLosses(trx: Transaction, upTo: number): Promise<void> {
  await sql`
    UPDATE automation_event_endpoints t
    SET delivered_position = ${upTo},
        lost_after = CASE WHEN EXISTS (
          SELECT FROM automation_events e
          WHERE e.account_id = t.account_id AND e.position > t.delivered_position AND e.position <= ${upTo}
            AND (e.type = ANY(t.types) OR split_part(e.type, '.', 1) || '.*' = ANY(t.types))
        ) THEN coalesce(t.lost_after, t.delivered_position) ELSE t.lost_after END
    WHERE t.delivered_position < ${upTo}`.execute(trx);
}
