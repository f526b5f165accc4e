import type { OverlapPolicy, Phase } from '@automation/domain';
import { sql } from 'kysely';

import type { Database, Transaction } from './database.ts';
import { scheduledWithin } from './id-range.ts';
import { unnest } from './unnest.ts';

/** An execution that has not finished and does not wait for another one: a task has to exist for it. */
export interface OpenExecution {
  id: string;
  jobId: string;
  accountId: string;
  phase: Phase;
  taskId: string | null;
}

/** Where a scan stands: it goes on after this execution. */
export type OpenPosition = Pick<OpenExecution, 'id' | 'jobId'>;

/** The next open executions after a position, those of the last minute left out: they may be on their way. */
export async function scanOpen(
  db: Database,
  after: OpenPosition | null,
  limit: number,
): Promise<OpenExecution[]> {
  const rest = after === null ? sql`true` : sql`(e.job_id, e.id) > (${after.jobId}::uuid, ${after.id}::uuid)`;
  const { rows } = await sql<OpenExecution>`
    SELECT e.id, e.job_id, e.account_id, e.phase, e.task_id
    FROM automation_executions e
    WHERE e.completed_at IS NULL AND e.created_at < now() - interval '1 minute' AND ${rest}
      AND NOT EXISTS (SELECT FROM automation_waiting_executions w
                      WHERE w.job_id = e.job_id AND w.scheduled_for = e.scheduled_for)
    ORDER BY e.job_id, e.id LIMIT ${limit}`.execute(db);
  return rows;
}

/** Gives open executions new tasks, unless something has become of them since they were looked at; answers their ids. */
export async function replaceTasks(
  trx: Transaction,
  replacements: readonly { id: string; lostTaskId: string | null; taskId: string }[],
): Promise<Set<string>> {
  if (replacements.length === 0) return new Set();
  const ids = replacements.map(({ id }) => id);
  const { rows } = await sql<{ id: string }>`
    UPDATE automation_executions e SET task_id = input.task_id, task_attempt = NULL
    FROM ${unnest(replacements, { id: 'uuid', lostTaskId: 'uuid', taskId: 'uuid' })}
    WHERE e.id = input.id AND ${scheduledWithin(sql`e.scheduled_for`, ids)} AND e.completed_at IS NULL
      AND e.task_id IS NOT DISTINCT FROM input.lost_task_id
    RETURNING e.id`.execute(trx);
  return new Set(rows.map(({ id }) => id));
}

/**
 * Of tasks and the executions that they name, the tasks that one of these still belongs to. Those of cancelled executions
 * count as such: they are in order, and a worker completes them in their turn.
 */
export async function tasksInUse(
  db: Database,
  tasks: readonly { id: string; executionIds: readonly string[] }[],
): Promise<Set<string>> {
  const named = tasks.flatMap(({ id: taskId, executionIds }) => executionIds.map((id) => ({ id, taskId })));
  if (named.length === 0) return new Set();
  const ids = named.map(({ id }) => id);
  const { rows } = await sql<{ taskId: string }>`
    SELECT DISTINCT input.task_id
    FROM ${unnest(named, { id: 'uuid', taskId: 'uuid' })}
    JOIN automation_executions e ON e.id = input.id AND ${scheduledWithin(sql`e.scheduled_for`, ids)}
    WHERE (e.task_id = input.task_id AND e.completed_at IS NULL) OR e.status = 'cancelled'`.execute(db);
  return new Set(rows.map(({ taskId }) => taskId));
}

/** Jobs whose executions all wait, though none of them runs that they could wait for. */
export async function jobsWaitingForNobody(
  db: Database,
  limit: number,
): Promise<{ id: string; overlapPolicy: OverlapPolicy }[]> {
  // From one job that has waiting executions to the next: a single job may have thousands of them.
  const { rows } = await sql<{ id: string; overlapPolicy: OverlapPolicy }>`
    WITH RECURSIVE waiting AS (
      (SELECT job_id FROM automation_waiting_executions ORDER BY job_id LIMIT 1)
      UNION ALL
      SELECT (SELECT w.job_id FROM automation_waiting_executions w
              WHERE w.job_id > waiting.job_id ORDER BY w.job_id LIMIT 1)
      FROM waiting WHERE waiting.job_id IS NOT NULL
    )
    SELECT j.id, j.overlap_policy FROM waiting JOIN automation_jobs j ON j.id = waiting.job_id
    WHERE j.in_flight = j.waiting ORDER BY j.id LIMIT ${limit}`.execute(db);
  return rows;
}

export interface ScannedJobs {
  /** The last one looked at; null if there are no more. */
  last: string | null;
  /** Those whose counts are not those of their executions. */
  miscounted: string[];
}

/** Compares the counts of the next jobs after one with the executions that they count; one snapshot shows both. */
export async function scanCounts(db: Database, after: string | null, limit: number): Promise<ScannedJobs> {
  const { rows } = await sql<{ id: string; isWrong: boolean }>`
    SELECT j.id, j.in_flight <> (SELECT count(*) FROM automation_executions e
                                 WHERE e.job_id = j.id AND e.completed_at IS NULL)
              OR j.waiting <> (SELECT count(*) FROM automation_waiting_executions w WHERE w.job_id = j.id) AS is_wrong
    FROM automation_jobs j
    WHERE ${after === null ? sql`true` : sql`j.id > ${after}::uuid`}
    ORDER BY j.id LIMIT ${limit}`.execute(db);
  return {
    last: rows.length < limit ? null : (rows.at(-1)?.id ?? null),
    miscounted: rows.filter(({ isWrong }) => isWrong).map(({ id }) => id),
  };
}

/**
 * Counts a job's executions anew, and forgets those that waited until their history was dropped. The transaction holds
 * the job's row, and saw it before these statements.
 */
export async function recount(trx: Transaction, jobId: string): Promise<void> {
  await sql`
    DELETE FROM automation_waiting_executions w
    WHERE w.job_id = ${jobId}
      AND NOT EXISTS (SELECT FROM automation_executions e
                      WHERE e.job_id = w.job_id AND e.scheduled_for = w.scheduled_for AND e.completed_at IS NULL)`.execute(
    trx,
  );
  await sql`
    UPDATE automation_jobs j
    SET in_flight = (SELECT count(*) FROM automation_executions e
                     WHERE e.job_id = j.id AND e.completed_at IS NULL),
        waiting = (SELECT count(*) FROM automation_waiting_executions w WHERE w.job_id = j.id)
    WHERE j.id = ${jobId}`.execute(trx);
}

/** Active jobs that are not on time, up to `limit` of each kind. */
export async function countUntimely(
  db: Database,
  limit: number,
): Promise<{ withoutNextRun: number; overdue: number }> {
  const { rows } = await sql<{ withoutNextRun: number; overdue: number }>`
    SELECT
      (SELECT count(*) FROM (SELECT FROM automation_jobs WHERE enabled AND next_run IS NULL LIMIT ${limit}) a)
        AS without_next_run,
      (SELECT count(*) FROM (SELECT FROM automation_jobs
                             WHERE enabled AND next_run < now() - interval '1 minute' LIMIT ${limit}) b) AS overdue`.execute(
    db,
  );
  return rows[0] ?? { withoutNextRun: 0, overdue: 0 };
}

/** Whether this transaction is the only one that scans; false if another replica does so now. */
export async function mayScan(trx: Transaction): Promise<boolean> {
  const { rows } = await sql<{ isMine: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtext('automation_scan')) AS is_mine`.execute(trx);
  return rows[0]?.isMine ?? false;
}
