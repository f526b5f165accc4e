import { openBreakerReason } from '@automation/domain';
import { sql } from 'kysely';

import type { Transaction } from './database.ts';
import { scheduledBetween } from './id-range.ts';

/** How a function does, by a sample of its executions. */
export interface FunctionHealth {
  functionId: string;
  /** Those that it has answered, or failed to. */
  finished: number;
  failed: number;
  /** Milliseconds from start to completion, of half of them and of 95 % at most; null if none has finished. */
  p50: number | null;
  p95: number | null;
  lastFailedAt: Date | null;
  lastReason: string | null;
  /** Those that wait for an open circuit breaker. */
  waiting: number;
}

/** Whose functions are looked at, and how far. */
export interface HealthSample {
  accountId: string;
  /** Executions count that are open, or have finished from then on. */
  finishedFrom: Date;
  /** Executions that were scheduled outside of this aren't looked for. */
  scheduled: { from: Date; to: Date };
  /** The account's jobs that ran last, and executions of all of them. */
  mostJobs: number;
  mostExecutions: number;
}

/**
 * The functions that an account's executions have invoked lately, those with the most failures first. It begins with the
 * account's jobs: among everybody's executions, those of a quiet account would be found too late.
 */
export async function measureFunctionHealth(
  trx: Transaction,
  { accountId, finishedFrom, scheduled, mostJobs, mostExecutions }: HealthSample,
): Promise<FunctionHealth[]> {
  const { rows } = await sql<FunctionHealth>`
    WITH job AS MATERIALIZED (
      SELECT id FROM automation_jobs
      WHERE account_id = ${accountId} AND (last_run >= ${finishedFrom}::timestamptz OR in_flight > 0)
      ORDER BY last_run DESC NULLS FIRST LIMIT ${mostJobs}
    ),
    execution AS (
      SELECT recent.* FROM job CROSS JOIN LATERAL (
        SELECT function_id, status, reason, started_at, completed_at FROM automation_executions
        WHERE job_id = job.id AND ${scheduledBetween(scheduled.from, scheduled.to)}
        ORDER BY scheduled_for DESC LIMIT (SELECT ${mostExecutions}::bigint / count(*) FROM job)
      ) recent
      WHERE started_at IS NOT NULL AND (completed_at IS NULL OR completed_at >= ${finishedFrom}::timestamptz)
    )
    SELECT function_id, count(*) FILTER (WHERE finished) AS finished, count(*) FILTER (WHERE failed) AS failed,
           percentile_disc(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE finished) AS p50,
           percentile_disc(0.95) WITHIN GROUP (ORDER BY ms) FILTER (WHERE finished) AS p95,
           max(completed_at) FILTER (WHERE failed) AS last_failed_at,
           (array_agg(reason ORDER BY completed_at DESC) FILTER (WHERE failed))[1] AS last_reason,
           count(*) FILTER (WHERE completed_at IS NULL AND reason LIKE ${openBreakerReason('%')}) AS waiting
    FROM execution, LATERAL (
      SELECT status IN ('succeeded', 'declined', 'failed', 'timed_out') AS finished,
             status IN ('failed', 'timed_out') AS failed,
             round(date_part('epoch', completed_at - started_at) * 1000) AS ms
    ) AS judged
    GROUP BY function_id ORDER BY failed DESC, finished DESC, function_id`.execute(trx);
  return rows;
}
