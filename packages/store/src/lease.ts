import type { ExecutionStatus, JsonObject, Phase, Trigger } from '@automation/domain';
import { sql } from 'kysely';

import type { Database } from './database.ts';
import { scheduledWithin } from './id-range.ts';
import { unnest } from './unnest.ts';

/** A task as its holder knows it; `attempt` goes up each time that the queue hands it out, and fences all writes. */
export interface TaskLease {
  taskId: string;
  taskAttempt: number;
  executionIds: readonly string[];
}

/** All that a worker needs to invoke an execution's function. */
export interface LeasedExecution {
  id: string;
  jobId: string;
  accountId: string;
  functionId: string;
  trigger: Trigger;
  scheduledFor: Date;
  /** `scheduledFor` with its jitter. */
  dueAt: Date;
  status: ExecutionStatus;
  phase: Phase;
  /** Attempts of the phase that are recorded. */
  attempts: number;
  taskId: string;
  taskAttempt: number;
  /**
   * With it the function may complete the attempt later (SPEC 4, async completion). An attempt that is repeated after a
   * crash keeps it: the function may have begun, and takes the repeat for one.
   */
  completionToken: string;
  /** When the attempt began that the function accepted and has not completed by its deadline, which is now; else null. */
  acceptedAt: Date | null;
  /** Null if it is large, together with `performInput`: `readInput` has both. A lease of hundreds would not fit into memory. */
  payload: JsonObject | null;
  performInput: JsonObject | null;
  retryLimit: number;
  /** Seconds per attempt: the job's, else the function's. */
  timeoutSeconds: number;
  /** The job's alone; null if it leaves that to its function. */
  jobTimeoutSeconds: number | null;
  /** Null if the function was deleted. */
  url: string | null;
  headers: Record<string, string> | null;
  /** What signs the request, newest first: two while a rotation overlaps. */
  secrets: string[] | null;
}

/** What a phase's request is made of. */
export interface ExecutionInput {
  payload: JsonObject;
  /** Of a perform alone: the payload with what the check has added. */
  performInput: JsonObject | null;
}

/** Stored bytes of an execution's input up to which a lease brings it along. Compressed, they may stand for 80 times as many. */
const SMALL_INPUT_BYTES = 2_000;

/** When the recorded attempt of an execution's phase began. */
export function attemptStart(table: string) {
  const result = (column: string) => sql.ref(`${table}.${column}`);
  return sql<Date>`((CASE ${result('phase')} WHEN 'check' THEN ${result('check_result')}
                     ELSE ${result('perform_result')} END) ->> 'startedAt')::timestamptz`;
}

const IS_SMALL = sql`pg_column_size(j.payload) + coalesce(pg_column_size(l.perform_input), 0) <= ${sql.lit(SMALL_INPUT_BYTES)}`;

/**
 * Takes the unfinished executions of tasks and reads what their invocation needs, in one statement. Left out is what is
 * finished, has gone on to another task, or was taken by a later attempt of the same task.
 */
export async function leaseExecutions(db: Database, tasks: readonly TaskLease[]): Promise<LeasedExecution[]> {
  // In the order of ids: whoever had the task before may be recording some of them just now.
  const wanted = tasks
    .flatMap(({ taskId, taskAttempt, executionIds }) =>
      executionIds.map((id) => ({ id, taskId, taskAttempt })),
    )
    .toSorted(byId);
  if (wanted.length === 0) return [];
  const ids = wanted.map(({ id }) => id);
  const { rows } = await sql<LeasedExecution>`
    WITH wanted AS (
      SELECT e.id, input.task_attempt
      FROM ${unnest(wanted, { id: 'uuid', taskId: 'uuid', taskAttempt: 'integer' })}
      CROSS JOIN LATERAL (
        SELECT e.id, e.task_id, e.task_attempt FROM automation_executions e
        WHERE e.id = input.id AND ${scheduledWithin(sql`e.scheduled_for`, ids)}
        FOR NO KEY UPDATE
      ) e
      -- Judged after the look-up: the planner takes it for seldom true, and updates row by row, not by reading a day.
      WHERE e.task_id = input.task_id AND coalesce(e.task_attempt, -1) < input.task_attempt
    ),
    leased AS (
      UPDATE automation_executions e
      SET task_attempt = wanted.task_attempt,
          completion_token = coalesce(e.completion_token, gen_random_uuid()),
          started_at = coalesce(e.started_at, clock_timestamp()),
          status = CASE WHEN e.phase = 'check' THEN 'checking' ELSE 'performing' END
      FROM wanted
      WHERE e.id = wanted.id AND ${scheduledWithin(sql`e.scheduled_for`, ids)}
      RETURNING e.*
    )
    SELECT l.id, l.job_id, l.account_id, l.function_id, l.trigger, l.scheduled_for, l.due_at, l.status, l.phase,
           l.attempts, l.task_id, l.task_attempt, l.completion_token,
           CASE WHEN l.awaits_completion THEN ${attemptStart('l')} END AS accepted_at,
           CASE WHEN ${IS_SMALL} THEN j.payload END AS payload,
           CASE WHEN ${IS_SMALL} THEN l.perform_input END AS perform_input, j.retry_limit,
           coalesce(j.timeout_seconds, f.timeout_seconds, 30) AS timeout_seconds,
           j.timeout_seconds AS job_timeout_seconds, f.url, f.headers,
           CASE WHEN f.previous_secret_until > now() THEN ARRAY[f.secret, f.previous_secret]
                WHEN f.id IS NOT NULL THEN ARRAY[f.secret] END AS secrets
    FROM leased l
    JOIN automation_jobs j ON j.id = l.job_id
    LEFT JOIN functions f ON f.id = l.function_id AND f.account_id = l.account_id`.execute(db);
  return rows;
}

/** Reads the input that a lease has left out. Undefined if the execution is gone. */
export async function readInput(db: Database, { id }: { id: string }): Promise<ExecutionInput | undefined> {
  const { rows } = await sql<ExecutionInput>`
    SELECT j.payload, e.perform_input FROM automation_executions e JOIN automation_jobs j ON j.id = e.job_id
    WHERE e.id = ${id} AND ${scheduledWithin(sql`e.scheduled_for`, [id])}`.execute(db);
  return rows[0];
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}
