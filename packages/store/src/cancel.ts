import type { ExecutionStatus, OverlapPolicy } from '@automation/domain';
import { sql } from 'kysely';

import type { Database, Transaction } from './database.ts';
import { scheduledWithin } from './id-range.ts';
import { eventsOfExecutions, WRITE_EVENTS } from './outbox.ts';

/** Carries the id of an execution that was cancelled; a worker that is at it stops. */
export const EXECUTION_CANCELLED = 'automation_execution_cancelled';

/** What a cancelled execution was, and what is left of its job's executions. */
export interface Cancelled {
  formerStatus: ExecutionStatus;
  formerReason: string | null;
  waiting: number;
  running: number;
  overlapPolicy: OverlapPolicy;
}

/** Cancels an execution, be it waiting or under way; undefined if it is finished. Workers hear of it on commit. */
export async function cancelExecution(
  trx: Transaction,
  { id, jobId, reason }: { id: string; jobId: string; reason: string },
): Promise<Cancelled | undefined> {
  const { rows } = await sql<Cancelled>`
    WITH locked AS (SELECT id FROM automation_jobs WHERE id = ${jobId} FOR NO KEY UPDATE),
    -- Locked by itself: what it says is of the latest version of the row, whoever had that in hand.
    held AS (
      SELECT e.id, e.status, e.reason FROM automation_executions e, locked
      WHERE e.id = ${id} AND ${scheduledWithin(sql`e.scheduled_for`, [id])} AND e.job_id = locked.id
        AND e.completed_at IS NULL
      FOR NO KEY UPDATE OF e
    ),
    cancelled AS (
      UPDATE automation_executions e
      SET status = 'cancelled', reason = ${reason}, completed_at = clock_timestamp(), task_id = NULL, task_attempt = NULL
      FROM held
      WHERE e.id = held.id AND ${scheduledWithin(sql`e.scheduled_for`, [id])}
      RETURNING e.id, e.job_id, e.account_id, e.status, e.reason, e.trigger, e.scheduled_for, e.phase, e.started_at,
                e.completed_at, held.status AS former_status, held.reason AS former_reason,
                pg_notify(${EXECUTION_CANCELLED}, e.id::text)
    ),
    told AS (${WRITE_EVENTS} ${eventsOfExecutions(sql`cancelled`)}),
    unqueued AS (
      DELETE FROM automation_waiting_executions w USING cancelled c
      WHERE w.job_id = c.job_id AND w.scheduled_for = c.scheduled_for
      RETURNING w.job_id
    )
    UPDATE automation_jobs j
    SET in_flight = j.in_flight - 1, waiting = j.waiting - (SELECT count(*) FROM unqueued)::int,
        check_count = j.check_count + (cancelled.phase = 'perform')::int, last_run = clock_timestamp()
    FROM cancelled WHERE j.id = cancelled.job_id
    RETURNING cancelled.former_status, cancelled.former_reason,
              j.waiting, j.in_flight - j.waiting AS running, j.overlap_policy`.execute(trx);
  return rows[0];
}

/** Which of these executions, one or more, are cancelled: for whoever may not have heard of it. */
export async function findCancelled(db: Database, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM automation_executions
    WHERE id = ANY(${ids}::uuid[]) AND ${scheduledWithin(sql`scheduled_for`, ids)}
      AND status = 'cancelled'`.execute(db);
  return rows.map(({ id }) => id);
}
