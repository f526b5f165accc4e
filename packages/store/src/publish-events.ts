import { sql } from 'kysely';

import type { Database, Transaction } from './database.ts';

/** Channel on which readers hear that there are events up to a position, which is the payload. */
export const EVENTS_PUBLISHED = 'automation_events';

export interface EventRate {
  perSecond: number;
  /** Events that are published at once, at most. */
  burst: number;
}

/**
 * Publishes the oldest events of the outbox, and answers how many: as many as the rate has made room for since the last
 * ones, by whichever replica. One replica publishes at a time, so that positions become visible in their order; and as
 * whoever writes of a job holds its row, the order of ids is for each job the one in which things happened.
 */
export async function publishEvents(db: Database, { perSecond, burst }: EventRate): Promise<number> {
  return db.transaction().execute(async (trx) => {
    if (!(await mayPublish(trx))) return 0;
    const { rows } = await sql<{ count: number }>`
      WITH newest AS (SELECT position, published_at FROM automation_events ORDER BY position DESC LIMIT 1),
      room AS (
        -- A clock that was set back must not stop everything until it has caught up.
        SELECT least(${burst}::float8, floor(abs(extract(epoch FROM clock_timestamp() - published_at)) * ${perSecond}::float8)) AS events
        FROM newest
      ),
      oldest AS (
        SELECT id FROM automation_outbox ORDER BY id LIMIT coalesce((SELECT events FROM room), ${burst}::float8)::bigint
      ),
      taken AS (DELETE FROM automation_outbox o USING oldest WHERE o.id = oldest.id RETURNING o.*),
      published AS (
        INSERT INTO automation_events (position, account_id, job_id, execution_id, type, data, created_at, published_at)
        SELECT coalesce((SELECT position FROM newest), 0) + row_number() OVER (ORDER BY id),
               account_id, job_id, execution_id, type, data, created_at, clock_timestamp()
        FROM taken
        RETURNING position
      )
      SELECT count(*) AS count, CASE WHEN count(*) > 0 THEN pg_notify(${EVENTS_PUBLISHED}, max(position)::text) END
      FROM published`.execute(trx);
    return rows[0]?.count ?? 0;
  });
}

/** Asked in a statement of its own: the next one then sees all that the last replica has published. */
async function mayPublish(trx: Transaction): Promise<boolean> {
  const { rows } = await sql<{ isMine: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtext('automation_relay')) AS is_mine`.execute(trx);
  return rows[0]?.isMine ?? false;
}
