import type { ExecutionStatus, JsonObject, Phase } from '@automation/domain';
import { sql } from 'kysely';

import type { Database } from './database.ts';
import { scheduledWithin } from './id-range.ts';
import { attemptStart } from './lease.ts';

/** The attempt of an execution that its function may complete by itself, unless it is over. */
export interface OpenAttempt {
  id: string;
  jobId: string;
  accountId: string;
  functionId: string;
  status: ExecutionStatus;
  /** Of the execution: nothing can be completed any more. */
  finishedAt: Date | null;
  phase: Phase;
  /** Which attempt of the phase it is. */
  number: number;
  startedAt: Date;
  taskId: string;
  /** Null if nobody holds the task: the function has accepted, and its deadline is not over. */
  taskAttempt: number | null;
  payload: JsonObject;
  performInput: JsonObject | null;
  retryLimit: number;
}

/** When the attempt under way, of which nothing is recorded, may have begun: not before the one that is ended. */
function earliestStart(table: string) {
  const ended = (column: string) => sql`(${sql.ref(`${table}.${column}`)} ->> 'completedAt')::timestamptz`;
  const started = sql.ref(`${table}.started_at`);
  return sql<Date>`greatest(${started}, ${ended('check_result')}, ${ended('perform_result')})`;
}

/** The execution's attempt that has this completion token; undefined if that is not the latest attempt's. */
export async function findOpenAttempt(
  db: Database,
  { id, token }: { id: string; token: string },
): Promise<OpenAttempt | undefined> {
  const { rows } = await sql<OpenAttempt>`
    SELECT e.id, e.job_id, e.account_id, e.function_id, e.status, e.completed_at AS finished_at, e.phase, e.task_id, e.task_attempt, e.perform_input,
           e.attempts + (NOT e.awaits_completion)::int AS number,
           CASE WHEN e.awaits_completion THEN ${attemptStart('e')} ELSE ${earliestStart('e')} END AS started_at,
           j.payload, j.retry_limit
    FROM automation_executions e JOIN automation_jobs j ON j.id = e.job_id
    WHERE e.id = ${id} AND ${scheduledWithin(sql`e.scheduled_for`, [id])}
      AND e.completion_token = ${token}`.execute(db);
  return rows[0];
}
