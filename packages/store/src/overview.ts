import type { ExecutionStatus } from '@automation/domain';
import { sql } from 'kysely';

import type { Transaction } from './database.ts';
import { scheduledBetween } from './id-range.ts';

/** A span of time, and how many executions of it are looked at, the newest of them. */
export interface Sample {
  from: Date;
  to: Date;
  limit: number;
}

/** What became of the executions of a sample. */
export interface StatusCount {
  status: ExecutionStatus;
  count: number;
  /** How many of them are of the end of the span, from `lateFrom` on. */
  late: number;
  /** When the earliest of them was scheduled. */
  earliest: Date;
}

/** The executions of a sample by what became of them. */
export async function countRecent(trx: Transaction, sample: Sample, lateFrom: Date): Promise<StatusCount[]> {
  const { rows } = await sql<StatusCount>`
    SELECT status, count(*) AS count, count(*) FILTER (WHERE scheduled_for >= ${lateFrom}::timestamptz) AS late,
           min(scheduled_for) AS earliest
    FROM (${newestOf(sample)}) AS recent GROUP BY status`.execute(trx);
  return rows;
}

/** Milliseconds from when executions were due to when a worker took them up. */
export interface DispatchLag {
  p50: number;
  p99: number;
}

/** The lag of a sample's executions; null if none was taken up. */
export async function measureDispatchLag(trx: Transaction, sample: Sample): Promise<DispatchLag | null> {
  const { rows } = await sql<{ lag: [number, number] | null }>`
    SELECT percentile_disc(ARRAY[0.5, 0.99])
             WITHIN GROUP (ORDER BY round(date_part('epoch', started_at - due_at) * 1000)) AS lag
    FROM (${newestOf(sample)}) AS recent WHERE started_at IS NOT NULL`.execute(trx);
  const [p50, p99] = rows[0]?.lag ?? [];
  return p50 === undefined || p99 === undefined ? null : { p50, p99 };
}

/** A function whose executions failed. */
export interface FailingFunction {
  functionId: string;
  accountId: string;
  /** Null: it is not, or no longer, one of ours. */
  name: string | null;
  failed: number;
  finished: number;
  lastReason: string | null;
}

export interface FailingFunctions {
  /** From when on the executions of the sample are; later than asked for if there are more than its limit. */
  from: Date;
  functions: FailingFunction[];
}

/** The functions with the most failed executions in a sample. */
export async function listFailingFunctions(
  trx: Transaction,
  sample: Sample,
  most: number,
): Promise<FailingFunctions> {
  const { rows } = await sql<FailingFunction & { sampled: number; earliest: Date }>`
    WITH recent AS MATERIALIZED (${newestOf(sample)}),
    failing AS (
      SELECT function_id, account_id, count(*) FILTER (WHERE failed) AS failed, count(completed_at) AS finished,
             (array_agg(reason ORDER BY id DESC) FILTER (WHERE failed))[1] AS last_reason
      FROM recent, LATERAL (SELECT status IN ('failed', 'timed_out') AS failed) AS judged
      GROUP BY function_id, account_id HAVING bool_or(failed)
      ORDER BY failed DESC, function_id LIMIT ${most}
    )
    SELECT failing.*, functions.name, whole.* FROM failing
    LEFT JOIN functions ON functions.id = failing.function_id,
    LATERAL (SELECT count(*) AS sampled, min(scheduled_for) AS earliest FROM recent) AS whole
    ORDER BY failed DESC, function_id`.execute(trx);
  const [first] = rows;
  const from = first !== undefined && first.sampled >= sample.limit ? first.earliest : sample.from;
  return { from, functions: rows.map(({ sampled: _sampled, earliest: _earliest, ...fn }) => fn) };
}

/** A job that the service has paused by itself. */
export interface PausedJob {
  id: string;
  accountId: string;
  functionId: string;
  name: string;
  reason: string;
}

/** Jobs that the service has paused, the newest first; `count` goes no further than it is told to. */
export async function listPausedByUs(
  trx: Transaction,
  { limit, countLimit }: { limit: number; countLimit: number },
): Promise<{ count: number; jobs: PausedJob[] }> {
  const paused = sql`automation_jobs WHERE status = 'paused' AND status_reason IS NOT NULL`;
  const jobs = await sql<PausedJob>`
    SELECT id, account_id, function_id, name, status_reason AS reason FROM ${paused}
    ORDER BY id DESC LIMIT ${limit}`.execute(trx);
  if (jobs.rows.length < limit) return { count: jobs.rows.length, jobs: jobs.rows };
  const counted = await sql<{ count: number }>`
    SELECT count(*) AS count FROM (SELECT FROM ${paused} LIMIT ${countLimit}) AS paused`.execute(trx);
  return { count: counted.rows[0]?.count ?? 0, jobs: jobs.rows };
}

/** Read along the primary key of the span's days, and no further than the limit. */
function newestOf({ from, to, limit }: Sample) {
  return sql`
    SELECT id, function_id, account_id, status, reason, scheduled_for, due_at, started_at, completed_at
    FROM automation_executions WHERE ${scheduledBetween(from, to)} ORDER BY id DESC LIMIT ${limit}`;
}
