import type { NewEvent } from '@automation/domain';
import { type RawBuilder, sql } from 'kysely';

import type { Database, Transaction } from './database.ts';
import { unnest } from './unnest.ts';

/** Begins a statement that writes events: the rows of the SELECT that is to follow. */
export const WRITE_EVENTS = sql`INSERT INTO automation_outbox (account_id, job_id, execution_id, type, data)`;

/** The text that writes the event of a new job as part of a statement: the job of the table expression that is to follow. */
export const WRITE_CREATED = `
  INSERT INTO automation_outbox (account_id, job_id, type, data)
  SELECT account_id, job_id, 'job.created', jsonb_build_object('status', status, 'enabled', enabled, 'reason', NULL::text)
  FROM`;

/** Only of accounts that want them: there are far more of them than of all others. */
const WANTED = sql`EXISTS (SELECT FROM automation_event_settings s WHERE s.account_id = e.account_id AND s.execution_events)`;

/** RFC 3339 in UTC, as `instantText` writes it. */
const SCHEDULED_FOR = sql`
  replace(to_char(e.scheduled_for AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '.000Z', 'Z')`;

/** The events of a table expression's executions, which have finished. */
export function eventsOfExecutions(executions: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    SELECT e.account_id, e.job_id, e.id AS execution_id, 'execution.' || e.status AS type,
           jsonb_build_object(
             'status', e.status, 'reason', e.reason, 'trigger', e.trigger, 'scheduled_for', ${SCHEDULED_FOR},
             'duration_ms', round(extract(epoch FROM e.completed_at - e.started_at) * 1000)
           ) AS data
    FROM ${executions} e WHERE ${WANTED}`;
}

/**
 * Writes what happened, in the transaction in which it does: the relay publishes it afterwards (SPEC 5). The transaction
 * holds the rows of the jobs, so that the events of each are in the order in which they happened.
 */
export async function writeEvents(trx: Transaction, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event, nth) => ({ ...event, nth }));
  const input = unnest(rows, {
    accountId: 'text',
    jobId: 'uuid',
    executionId: 'uuid',
    type: 'text',
    data: 'jsonb',
    nth: 'integer',
  });
  await sql`
    ${WRITE_EVENTS}
    SELECT account_id, job_id, execution_id, type, data FROM (SELECT * FROM ${input}) e
    WHERE execution_id IS NULL OR ${WANTED} ORDER BY nth`.execute(trx);
}

/** How many events nobody has published yet; no more are counted than was asked for. */
export async function countUnpublished(trx: Transaction, limit: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM (SELECT FROM automation_outbox LIMIT ${limit}) AS waiting`.execute(trx);
  return rows[0]?.count ?? 0;
}

/** Whether there are any. */
export async function hasUnpublished(db: Database): Promise<boolean> {
  const { rows } = await sql`SELECT id FROM automation_outbox ORDER BY id LIMIT 1`.execute(db);
  return rows.length > 0;
}
