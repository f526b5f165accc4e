import type { DueJob, MissedRun, PlannedExecution } from '@automation/domain';
import { sql } from 'kysely';

import type { Database, Transaction } from './database.ts';
import { unnest } from './unnest.ts';

export interface DueJobs {
  /** The database's clock at the start of the transaction. */
  now: Date;
  jobs: DueJob[];
}

export interface DueSearch {
  limit: number;
  /** Where the search begins; null: at the first job that is due. */
  from: Date | null;
  /** Bound of each statement of the transaction. */
  timeoutMs: number;
}

/** Locks due jobs, oldest first, leaving out what another scheduler holds (SPEC 3.1). */
export async function lockDueJobs(trx: Transaction, { limit, from, timeoutMs }: DueSearch): Promise<DueJobs> {
  await sql`SELECT set_config('statement_timeout', ${String(timeoutMs)}, true)`.execute(trx);
  const rows = await trx
    .selectFrom('automationJobs')
    .select(['id', 'accountId', 'functionId', 'schedule', 'timezone', 'anchor', 'jitterSeconds'])
    .select(['startAt', 'endAt', 'overlapPolicy', 'catchUpPolicy', 'catchUpWindowSeconds'])
    .select(['maxRuns', 'runCount', 'inFlight', 'waiting'])
    // Neither is null in a job that is enabled.
    .select([sql<Date>`next_run`.as('nextRun'), sql<Date>`next_occurrence`.as('nextOccurrence')])
    .select(sql<Date>`now()`.as('now'))
    .where('enabled', '=', true)
    .where('nextRun', '<=', sql<Date>`now()`)
    .$if(from !== null, (query) => query.where('nextRun', '>=', from))
    .orderBy('nextRun')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  return { now: rows[0]?.now ?? new Date(0), jobs: rows };
}

export type ClaimedExecution = PlannedExecution & { taskId: string | null };

/**
 * Writes executions into the ledger and answers the ids of those that are new: `(job_id, scheduled_for)` is unique, so
 * an occurrence that is there already (the clock was set back, say) is not run again.
 */
export async function insertExecutions(
  trx: Transaction,
  executions: readonly ClaimedExecution[],
): Promise<Set<string>> {
  const input = unnest(executions, {
    id: 'uuid',
    jobId: 'uuid',
    accountId: 'text',
    functionId: 'text',
    trigger: 'text',
    scheduledFor: 'timestamptz',
    dueAt: 'timestamptz',
    state: 'text',
    reason: 'text',
    taskId: 'uuid',
  });
  const { rows } = await sql<{ id: string }>`
    WITH input AS (SELECT * FROM ${input}),
    inserted AS (
      INSERT INTO automation_executions (id, job_id, account_id, function_id, trigger, scheduled_for, due_at,
                                         status, reason, task_id, completed_at)
      SELECT id, job_id, account_id, function_id, trigger, scheduled_for, due_at,
             CASE WHEN state = 'skipped' THEN 'skipped' ELSE 'pending' END, reason, task_id,
             CASE WHEN state = 'skipped' THEN now() END
      FROM input
      ON CONFLICT (job_id, scheduled_for) DO NOTHING
      RETURNING id
    ),
    waiting AS (
      INSERT INTO automation_waiting_executions (job_id, scheduled_for, execution_id)
      SELECT job_id, scheduled_for, id FROM input JOIN inserted USING (id) WHERE state = 'waiting'
    )
    SELECT id FROM inserted`.execute(trx);
  return new Set(rows.map((row) => row.id));
}

/** The missed occurrences of a job. */
export type MissedRunEntry = MissedRun & { jobId: string; accountId: string };

/**
 * Writes runs of missed occurrences into the ledger. Of two that begin alike (the clock was set back) the longer stays, with
 * the greater count: a job that was changed meanwhile may have missed more in less time.
 */
export async function insertMissedRuns(trx: Transaction, entries: readonly MissedRunEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const input = unnest(entries, {
    jobId: 'uuid',
    accountId: 'text',
    from: 'timestamptz',
    to: 'timestamptz',
    count: 'integer',
    reason: 'text',
  });
  await sql`
    INSERT INTO automation_missed_runs (job_id, account_id, from_at, to_at, count, reason)
    SELECT job_id, account_id, "from", "to", count, reason FROM ${input}
    ON CONFLICT (job_id, from_at) DO UPDATE
    SET to_at = greatest(automation_missed_runs.to_at, excluded.to_at),
        count = greatest(automation_missed_runs.count, excluded.count), reason = excluded.reason
    WHERE excluded.to_at > automation_missed_runs.to_at OR excluded.count > automation_missed_runs.count`.execute(
    trx,
  );
}

export interface Advance {
  id: string;
  nextRun: Date | null;
  nextOccurrence: Date | null;
  status: string;
  statusReason: string | null;
  /** Executions that the claim started, those that wait included. */
  started: number;
  waiting: number;
  /** Executions that the claim finished by skipping them. */
  skipped: number;
}

/** Moves claimed jobs on to their next occurrence. */
export async function advanceJobs(trx: Transaction, advances: readonly Advance[]): Promise<void> {
  const input = unnest(advances, {
    id: 'uuid',
    nextRun: 'timestamptz',
    nextOccurrence: 'timestamptz',
    status: 'text',
    statusReason: 'text',
    started: 'integer',
    waiting: 'integer',
    skipped: 'integer',
  });
  await sql`
    UPDATE automation_jobs j
    SET next_run = input.next_run, next_occurrence = input.next_occurrence,
        status = input.status, enabled = input.status = 'active', status_reason = input.status_reason,
        in_flight = j.in_flight + input.started, waiting = j.waiting + input.waiting,
        last_run = CASE WHEN input.skipped > 0 THEN now() ELSE j.last_run END,
        version = j.version + (input.status <> 'active')::int
    FROM ${input}
    WHERE j.id = input.id`.execute(trx);
}

export interface NextDue {
  /** Milliseconds until the next job is due by the database's clock, 0 if one is overdue; null if none will be. */
  ms: number | null;
  /** No job is due before this instant. */
  from: Date;
}

/** When the next job is due of those from an instant on, or of all. */
export async function findNextDue(db: Database, from: Date | null): Promise<NextDue> {
  const { rows } = await sql<NextDue>`
    SELECT extract(epoch FROM next_run - now)::float8 * 1000 AS ms, least(next_run, now) AS from
    FROM (SELECT clock_timestamp() AS now) AS clock
    LEFT JOIN LATERAL (
      SELECT next_run FROM automation_jobs
      WHERE enabled AND ${from === null ? sql`true` : sql`next_run >= ${from}`}
      ORDER BY next_run LIMIT 1
    ) AS job ON true`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('PostgreSQL answered without a row');
  return { ms: row.ms === null ? null : Math.max(0, row.ms), from: row.from };
}
