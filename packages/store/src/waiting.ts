import { sql } from 'kysely';

import type { Transaction } from './database.ts';
import { scheduledWithin } from './id-range.ts';
import { eventsOfExecutions, WRITE_EVENTS } from './outbox.ts';
import { unnest } from './unnest.ts';

export interface ReleasedExecution {
  id: string;
  accountId: string;
}

/**
 * Lets the oldest waiting executions of jobs go on, and answers them; `assignTasks` gives them their tasks. The
 * transaction holds the jobs' rows, so that no two of them release the same.
 */
export async function releaseWaiting(
  trx: Transaction,
  releases: readonly { jobId: string; count: number }[],
): Promise<ReleasedExecution[]> {
  if (releases.length === 0) return [];
  const { rows } = await sql<ReleasedExecution>`
    WITH released AS (
      DELETE FROM automation_waiting_executions w
      USING (
        SELECT oldest.job_id, oldest.scheduled_for
        FROM ${unnest(releases, { jobId: 'uuid', count: 'integer' })}
        CROSS JOIN LATERAL (
          SELECT job_id, scheduled_for FROM automation_waiting_executions
          WHERE job_id = input.job_id ORDER BY scheduled_for LIMIT input.count
        ) oldest
      ) chosen
      WHERE w.job_id = chosen.job_id AND w.scheduled_for = chosen.scheduled_for
      RETURNING w.job_id, w.execution_id
    ),
    counted AS (
      UPDATE automation_jobs j SET waiting = j.waiting - r.released
      FROM (SELECT job_id, count(*)::int AS released FROM released GROUP BY job_id) r
      WHERE j.id = r.job_id
      RETURNING j.id, j.account_id
    )
    SELECT released.execution_id AS id, counted.account_id
    FROM released JOIN counted ON counted.id = released.job_id`.execute(trx);
  return rows;
}

/** Notes which task an execution that was waiting has got. */
export async function assignTasks(
  trx: Transaction,
  assignments: readonly { id: string; taskId: string }[],
): Promise<void> {
  if (assignments.length === 0) return;
  const ids = assignments.map(({ id }) => id);
  await sql`
    UPDATE automation_executions e SET task_id = input.task_id
    FROM ${unnest(assignments, { id: 'uuid', taskId: 'uuid' })}
    WHERE e.id = input.id AND ${scheduledWithin(sql`e.scheduled_for`, ids)} AND e.completed_at IS NULL`.execute(
    trx,
  );
}

/** Cancels what still waits of jobs that were stopped: pausing lets executions in flight finish, not a backlog begin. */
export async function cancelWaiting(
  trx: Transaction,
  jobIds: readonly string[],
  reason: string,
): Promise<void> {
  if (jobIds.length === 0) return;
  const { rows: cancelled } = await sql<WaitingExecution>`
    DELETE FROM automation_waiting_executions WHERE job_id = ANY(${jobIds}::uuid[])
    RETURNING execution_id AS id, job_id`.execute(trx);
  if (cancelled.length > 0) await recordCancelled(trx, cancelled, reason);
}

interface WaitingExecution {
  id: string;
  jobId: string;
}

/** By a statement of its own, which knows by their ids in which partitions they are. */
async function recordCancelled(
  trx: Transaction,
  cancelled: readonly WaitingExecution[],
  reason: string,
): Promise<void> {
  const ids = cancelled.map(({ id }) => id);
  const input = unnest(cancelled, { id: 'uuid', jobId: 'uuid' });
  await sql`
    WITH recorded AS (
      UPDATE automation_executions e SET status = 'cancelled', reason = ${reason}, completed_at = clock_timestamp()
      FROM ${input} WHERE e.id = input.id AND ${scheduledWithin(sql`e.scheduled_for`, ids)}
      RETURNING e.id, e.job_id, e.account_id, e.status, e.reason, e.trigger, e.scheduled_for, e.started_at, e.completed_at
    ),
    told AS (${WRITE_EVENTS} ${eventsOfExecutions(sql`recorded`)})
    UPDATE automation_jobs j
    SET waiting = j.waiting - c.count, in_flight = j.in_flight - c.count, last_run = clock_timestamp()
    FROM (SELECT job_id, count(*)::int AS count FROM ${input} GROUP BY job_id) c
    WHERE j.id = c.job_id`.execute(trx);
}
