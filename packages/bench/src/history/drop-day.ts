import { setTimeout as delay } from 'node:timers/promises';

import { type Database, dropPartitionsBefore } from '@automation/store';

import { percentile } from '../rounds.ts';
import { soon } from '../system/backlog.ts';
import { fillJobs } from '../system/fill-jobs.ts';
import type { System } from '../system/system.ts';

const DAY_MS = 86_400_000;
const RUNS_PER_SECOND = 500;
/** As long before the drop as from its start on, so that the worst of both are comparable. */
const WINDOW_MS = 5_000;

export interface DroppedDay {
  rows: number;
  dropMs: number;
  /** Of the runs that fell due while nothing was dropped, and while it was and shortly after, in ms. */
  worstLagMs: { before: number; during: number };
}

/** Drops the oldest days one by one while jobs run every second. */
export async function dropDays(system: System, db: Database, count: number): Promise<DroppedDay[]> {
  await startLoad(system);
  const days: DroppedDay[] = [];
  while (days.length < count) days.push(await dropOldest(system, db));
  await pauseJobs(system);
  return days;
}

async function dropOldest({ postgres, functions }: System, db: Database): Promise<DroppedDay> {
  const { rows } = await postgres.pool.query<{ day: string; rows: number }>(
    `SELECT right(relname, 8) AS day, reltuples::int AS rows FROM pg_class
     WHERE relname ~ '^automation_executions_p\\d{8}$' ORDER BY 1 LIMIT 1`,
  );
  const [oldest] = rows;
  if (oldest === undefined) throw new Error('no day is left to be dropped');
  const worstLag = async () => percentile((await functions.take()).lags, 1);
  await functions.take();
  await delay(WINDOW_MS);
  const before = await worstLag();
  const start = performance.now();
  await dropPartitionsBefore(db, new Date(startOf(oldest.day) + DAY_MS));
  const dropMs = performance.now() - start;
  await delay(Math.max(0, WINDOW_MS - dropMs));
  return { rows: oldest.rows, dropMs, worstLagMs: { before, during: await worstLag() } };
}

/** Of a partition's day, YYYYMMDD. */
function startOf(day: string): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6)));
}

/** Jobs that run every second, one after the other. */
async function startLoad({ postgres, functions }: System): Promise<void> {
  const nextRun = soon(RUNS_PER_SECOND);
  await fillJobs(postgres.pool, {
    count: RUNS_PER_SECOND,
    schedule: '@every 1s',
    nextRun,
    staggerMs: 1_000 / RUNS_PER_SECOND,
    functionUrl: functions.url,
  });
  await delay(nextRun.getTime() - Date.now() + WINDOW_MS);
}

async function pauseJobs({ postgres }: System): Promise<void> {
  await postgres.pool.query(
    `UPDATE automation_jobs SET status = 'paused', enabled = false, next_run = NULL, next_occurrence = NULL
     WHERE schedule = '@every 1s'`,
  );
}
