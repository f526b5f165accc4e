import { waitUntil } from '@automation/testing';

import { percentile } from '../rounds.ts';
import { soon, untilPerformed } from '../system/backlog.ts';
import { fillJobs } from '../system/fill-jobs.ts';
import type { System } from '../system/system.ts';

/** Beside a million others, jobs take longer to fill. */
const EXTRA_LEAD_MS = 5_000;
const TIMEOUT_MS = 300_000;

/** How fast runs are done while the database holds whatever else it does. */
export interface Pace {
  /** Of a backlog that is due at one instant. */
  runsPerSecond: number;
  /** Of runs that are due one after the other. */
  lagMs: { median: number; p99: number };
}

export interface RunsToDo {
  backlog: number;
  trickle: { perSecond: number; seconds: number };
}

/** Fills jobs beside those that are there, and measures theirs alone. */
export async function measurePace(system: System, { backlog, trickle }: RunsToDo): Promise<Pace> {
  const runsPerSecond = await drain(system, backlog);
  const lags = await lagsOf(system, trickle);
  return { runsPerSecond, lagMs: { median: percentile(lags, 0.5), p99: percentile(lags, 0.99) } };
}

async function drain(system: System, runs: number): Promise<number> {
  const { pool } = system.postgres;
  const due = await fill(system, runs, 0);
  await untilPerformed(system.functions, runs, TIMEOUT_MS);
  await waitUntil(async () => !(await hasOpen(system)), { timeoutMs: TIMEOUT_MS, what: 'the last outcomes' });
  const { rows } = await pool.query<{ succeeded: number; last: Date }>(
    `SELECT count(*) FILTER (WHERE status = 'succeeded')::int AS succeeded, max(completed_at) AS last
     FROM automation_executions WHERE scheduled_for = $1`,
    [due],
  );
  const [row] = rows;
  if (row?.succeeded !== runs)
    throw new Error(`expected ${runs} executions to succeed; the ledger has ${row?.succeeded}`);
  return runs / ((row.last.getTime() - due.getTime()) / 1_000);
}

async function lagsOf(
  system: System,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<number[]> {
  const runs = Math.round(perSecond * seconds);
  await fill(system, runs, 1_000 / perSecond);
  await untilPerformed(system.functions, runs, TIMEOUT_MS);
  await waitUntil(async () => !(await hasOpen(system)), { timeoutMs: TIMEOUT_MS, what: 'the last outcomes' });
  return (await system.functions.take()).lags;
}

/** Answers when the first of them is due. */
async function fill({ postgres, functions }: System, count: number, staggerMs: number): Promise<Date> {
  await functions.take();
  const nextRun = new Date(soon(count).getTime() + EXTRA_LEAD_MS);
  await fillJobs(postgres.pool, {
    count,
    schedule: '@every 24h',
    nextRun,
    staggerMs,
    functionUrl: functions.url,
  });
  if (Date.now() > nextRun.getTime()) throw new Error('filling the jobs took until after they were due');
  return nextRun;
}

async function hasOpen({ postgres }: System): Promise<boolean> {
  const { rows } = await postgres.pool.query(
    'SELECT FROM automation_executions WHERE completed_at IS NULL LIMIT 1',
  );
  return rows.length > 0;
}
