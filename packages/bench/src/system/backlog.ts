import { setTimeout as delay } from 'node:timers/promises';

import { waitUntil } from '@automation/testing';
import type { Pool } from 'pg';

import type { FunctionServer } from './function-server.ts';

/** For filling so many jobs, and a second for the scheduler to see them coming. */
const LEAD_MS = 1_500;
const FILL_MS_PER_JOB = 0.05;
const POLL_MS = 100;

export interface Drained {
  /** From the instant at which all were due to the last outcome in the ledger, in s. */
  seconds: number;
  /** From that instant until each execution's check was done, in ms. */
  checkedMs: { first: number; median: number; last: number };
}

/** An instant on a whole second, by which so many jobs are filled. */
export function soon(jobs: number): Date {
  return new Date(Math.ceil((Date.now() + LEAD_MS + jobs * FILL_MS_PER_JOB) / 1_000) * 1_000);
}

/**
 * Waits until the ledger has the outcome of that many executions, and reads off it how long they took. Throws if one of
 * them has not succeeded, or has not run exactly one time.
 */
export async function untilDrained(
  pool: Pool,
  functions: FunctionServer,
  { runs, due, timeoutMs }: { runs: number; due: Date; timeoutMs: number },
): Promise<Drained> {
  // The database is asked only when there is nothing more to measure.
  await untilPerformed(functions, runs, timeoutMs);
  await waitUntil(async () => (await countOpen(pool)) === 0, { timeoutMs, what: 'the last outcomes' });
  const { rows } = await pool.query<{ succeeded: number; total: number; last: Date; checks: number[] }>(
    `SELECT count(*) FILTER (WHERE status = 'succeeded')::int AS succeeded, count(*)::int AS total,
            max(completed_at) AS last,
            percentile_disc(ARRAY[0, 0.5, 1]) WITHIN GROUP (
              ORDER BY extract(epoch FROM (check_result ->> 'completedAt')::timestamptz - scheduled_for) * 1000
            )::float8[] AS checks
     FROM automation_executions`,
  );
  const [row] = rows;
  if (row === undefined || row.succeeded !== runs || row.total !== runs)
    throw new Error(`expected ${runs} executions to succeed; the ledger has ${JSON.stringify(row)}`);
  const [first = NaN, median = NaN, last = NaN] = row.checks;
  return {
    seconds: (row.last.getTime() - due.getTime()) / 1_000,
    checkedMs: { first, median, last },
  };
}

/** Waits until so many performs have arrived, and answers when the last of them did, in epoch ms. */
export async function untilPerformed(
  functions: FunctionServer,
  runs: number,
  timeoutMs: number,
): Promise<number> {
  const stats = await waitUntil(
    async () => {
      await delay(POLL_MS);
      const now = await functions.stats();
      return now.performs >= runs && now;
    },
    { timeoutMs, what: `${runs} performs` },
  );
  return stats.lastPerformAt;
}

/** Executions that are not over. */
export async function countOpen(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ open: number }>(
    'SELECT count(*)::int AS open FROM automation_executions WHERE completed_at IS NULL',
  );
  return rows[0]?.open ?? 0;
}
