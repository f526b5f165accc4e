import type { OverlapPolicy, Phase, Settlement } from '@automation/domain';
import { sql } from 'kysely';

import type { Transaction } from './database.ts';
import { scheduledWithin } from './id-range.ts';
import { eventsOfExecutions, WRITE_EVENTS } from './outbox.ts';
import { toStored, withEarlierAttempts } from './phase-record.ts';
import { unnest } from './unnest.ts';

/** A settlement and the lease under which it was come to. */
export interface Outcome {
  executionId: string;
  jobId: string;
  taskId: string;
  /** Null if nobody holds the task: a deadline that is not over yet. */
  taskAttempt: number | null;
  settlement: Settlement;
  /** The task that takes the execution on; null if it is finished. */
  nextTaskId: string | null;
}

/** An execution that still was under the recorder's lease. */
export interface Recorded {
  executionId: string;
  jobId: string;
  /** What it means for the job; null if the execution goes on, which its job is not told of. */
  job: JobAfterwards | null;
}

/** A job after executions of it have finished. */
export interface JobAfterwards {
  /** The job's state after it, if the recording paused or completed the job; else null. */
  status: 'paused' | 'completed' | null;
  /** Why it did; null together with `status`. */
  statusReason: string | null;
  /** Whether what waits has no point any more: runs or patience are used up, or the function is gone. */
  endsWaiting: boolean;
  /** Where the job would have gone on if the recording had not stopped it; null if it has not. */
  unclaimedFrom: Date | null;
  /** The database's clock. */
  recordedAt: Date;
  /** How many executions of the job wait for others to finish, and how many run. */
  waiting: number;
  running: number;
  overlapPolicy: OverlapPolicy;
}

/** What finished executions mean for their jobs: counts, completion by max_runs, pauses (SPEC 1, 3.8 and 4). */
const JOB_RULES = sql`
    -- Failures count in a row: only those after the job's last finished execution that did not fail.
    ranked AS (
      SELECT *, max(position) FILTER (WHERE NOT failed) OVER (PARTITION BY job_id) AS last_success
      FROM recorded WHERE finished
    ),
    per_job AS (
      SELECT job_id, enabled, max_runs, run_count, pause_after_failures, next_occurrence,
             array_agg(id) AS execution_ids, count(*) AS finished, count(*) FILTER (WHERE performed) AS performed,
             bool_or(gone) AS gone,
             CASE WHEN bool_or(last_success IS NOT NULL) THEN 0 ELSE consecutive_failures END
               + count(*) FILTER (WHERE failed AND position > coalesce(last_success, -1)) AS failures_in_a_row
      FROM ranked
      GROUP BY job_id, enabled, max_runs, run_count, consecutive_failures, pause_after_failures, next_occurrence
    ),
    judged AS (
      SELECT *, max_runs > 0 AND run_count + performed >= max_runs AS is_used_up,
             gone OR (pause_after_failures > 0 AND failures_in_a_row >= pause_after_failures) AS is_failing
      FROM per_job
    ),
    ruled AS (
      SELECT *, is_used_up OR is_failing AS ends_waiting,
             CASE WHEN is_used_up THEN 'completed' WHEN enabled AND is_failing THEN 'paused' END AS new_status,
             CASE WHEN is_used_up THEN 'max_runs ' || max_runs || ' reached'
                  WHEN gone THEN 'the function answered 410 Gone'
                  ELSE failures_in_a_row || ' failed executions in a row' END AS new_reason
      FROM judged
    )`;

/**
 * What the rules make of the jobs. They are written when executions finish and not before: until vacuum comes by, each
 * version of a job is in the way of its next look-up.
 */
const JOB_CHANGES = sql`
    UPDATE automation_jobs j
    SET in_flight = j.in_flight - r.finished, check_count = j.check_count + r.finished,
        run_count = j.run_count + r.performed, consecutive_failures = r.failures_in_a_row,
        last_run = clock_timestamp(), updated_at = clock_timestamp(),
        status = coalesce(r.new_status, j.status), enabled = j.enabled AND r.new_status IS NULL,
        next_run = CASE WHEN r.new_status IS NULL THEN j.next_run END,
        next_occurrence = CASE WHEN r.new_status IS NULL THEN j.next_occurrence END,
        status_reason = CASE WHEN r.new_status IS NULL THEN j.status_reason ELSE r.new_reason END,
        version = j.version + (r.new_status IS NOT NULL)::int
    FROM ruled r WHERE j.id = r.job_id
    RETURNING j.id AS job_id, r.execution_ids, r.new_status AS status,
              CASE WHEN r.new_status IS NOT NULL THEN r.new_reason END AS status_reason, r.ends_waiting,
              CASE WHEN r.new_status IS NOT NULL THEN r.next_occurrence END AS unclaimed_from,
              clock_timestamp() AS recorded_at,
              j.waiting, j.in_flight - j.waiting AS running, j.overlap_policy`;

const EVENTS = sql`${WRITE_EVENTS} ${eventsOfExecutions(sql`(SELECT * FROM recorded WHERE finished)`)}`;

/**
 * Records what attempts came to, all in one statement: the executions, and what the finished ones mean for their jobs
 * (SPEC 3.8). An outcome whose lease has passed to another worker, or which is recorded already, changes nothing and is
 * left out of the answer.
 */
export async function recordOutcomes(trx: Transaction, outcomes: readonly Outcome[]): Promise<Recorded[]> {
  if (outcomes.length === 0) return [];
  const ids = outcomes.map((outcome) => outcome.executionId);
  const { rows } = await sql<Omit<Recorded, 'job'> & { finished: boolean } & JobAfterwards>`
    WITH input AS MATERIALIZED (SELECT * FROM ${inputOf(outcomes)}),
    -- Jobs before executions, as everybody locks them, and both in the order of ids, so that nobody waits in a circle.
    locked AS (
      SELECT j.* FROM (SELECT DISTINCT job_id FROM input WHERE finished ORDER BY job_id) of
      CROSS JOIN LATERAL (
        SELECT id, enabled, max_runs, run_count, consecutive_failures, pause_after_failures, next_occurrence
        FROM automation_jobs WHERE id = of.job_id FOR NO KEY UPDATE
      ) j
    ),
    held AS (
      SELECT input.*
      FROM (
        SELECT * FROM input LEFT JOIN locked ON locked.id = input.job_id
        -- Reads all of them first: rows of a CTE are locked as they are read.
        WHERE (SELECT count(*) FROM locked) >= 0
        ORDER BY execution_id
      ) input
      CROSS JOIN LATERAL (
        SELECT e.task_id, e.task_attempt FROM automation_executions e
        WHERE e.id = input.execution_id AND ${scheduledWithin(sql`e.scheduled_for`, ids)}
        FOR NO KEY UPDATE
      ) e
      -- Judged after the look-up: the planner takes it for seldom true, and updates row by row, not by reading a day.
      WHERE e.task_id = input.task_id AND e.task_attempt IS NOT DISTINCT FROM input.task_attempt
    ),
    recorded AS (
      UPDATE automation_executions e
      SET status = held.status, reason = held.reason, phase = held.next_phase, attempts = held.attempts,
          check_result = ${withEarlierAttempts(sql`held.check_result`, sql`e.check_result`)},
          perform_result = ${withEarlierAttempts(sql`held.perform_result`, sql`e.perform_result`)},
          -- A finished phase's record has its input.
          perform_input = CASE WHEN NOT held.finished THEN coalesce(held.perform_input, e.perform_input) END,
          task_id = held.next_task_id, task_attempt = NULL, awaits_completion = held.is_deadline,
          completion_token = CASE WHEN held.finished OR held.is_deadline THEN e.completion_token END,
          completed_at = CASE WHEN held.finished THEN clock_timestamp() END
      FROM held
      WHERE e.id = held.execution_id AND ${scheduledWithin(sql`e.scheduled_for`, ids)}
      RETURNING e.id, held.job_id, held.position, held.finished, held.failed, held.gone, held.performed, held.enabled,
                held.max_runs, held.run_count, held.consecutive_failures, held.pause_after_failures,
                held.next_occurrence, e.account_id, e.status, e.reason, e.trigger, e.scheduled_for, e.started_at, e.completed_at
    ),
    ${JOB_RULES},
    changed AS (${JOB_CHANGES}), told AS (${EVENTS})
    SELECT unnest(execution_ids) AS execution_id, job_id, true AS finished, status, status_reason, ends_waiting,
           unclaimed_from, recorded_at, waiting, running, overlap_policy
    FROM changed
    UNION ALL
    SELECT id, job_id, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM recorded WHERE NOT finished`.execute(
    trx,
  );
  return rows.map(({ executionId, jobId, finished, ...job }) => ({
    executionId,
    jobId,
    job: finished ? job : null,
  }));
}

function inputOf(outcomes: readonly Outcome[]) {
  return unnest(outcomes.map(toRow), {
    position: 'integer',
    executionId: 'uuid',
    jobId: 'uuid',
    taskId: 'uuid',
    taskAttempt: 'integer',
    nextTaskId: 'uuid',
    nextPhase: 'text',
    status: 'text',
    reason: 'text',
    attempts: 'integer',
    checkResult: 'jsonb',
    performResult: 'jsonb',
    performInput: 'jsonb',
    finished: 'boolean',
    isDeadline: 'boolean',
    failed: 'boolean',
    gone: 'boolean',
    performed: 'boolean',
  });
}

function toRow({ settlement, ...outcome }: Outcome, position: number) {
  const { phase, status, reason, next } = settlement;
  const nextPhase: Phase = next?.phase ?? phase;
  const phaseIsOver = next === null || nextPhase !== phase;
  return {
    ...outcome,
    position,
    nextPhase,
    status,
    reason,
    // Attempts are counted per phase: a hand-off starts the perform phase at none.
    attempts: nextPhase === phase ? settlement.attempts : 0,
    ...storedResults(settlement),
    performInput: next?.performInput ?? null,
    finished: next === null,
    isDeadline: next?.isDeadline ?? false,
    failed: status === 'failed' || status === 'timed_out',
    gone: settlement.functionIsGone,
    performed: phase === 'perform' && phaseIsOver,
  };
}

function storedResults({ phase, record }: Settlement) {
  const stored = record && toStored(record);
  return {
    checkResult: phase === 'check' ? stored : null,
    performResult: phase === 'perform' ? stored : null,
  };
}
