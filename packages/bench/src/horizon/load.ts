import { setTimeout as delay } from 'node:timers/promises';

import { waitUntil } from '@automation/testing';

import { percentile } from '../rounds.ts';
import { countOpen, soon } from '../system/backlog.ts';
import { fillJobs, removeJobs } from '../system/fill-jobs.ts';
import { perUnit, type System } from '../system/system.ts';

/** Jobs that fall due evenly, one after the other. */
export interface Load {
  system: System;
  perSecond: number;
}

/** What a stretch of the load came to. */
export interface Window {
  perSecond: number;
  lagMs: { median: number; p99: number; max: number };
  cpuPerRun: Record<string, number>;
}

const PERIOD_SECONDS = 10;
/** Long enough that a burst's backlog lasts, even if it is worked off faster than what its size was taken from. */
const BURST_SECONDS = 8;
const BURST_LEAD_MS = 1_000;
const CATCH_UP_TIMEOUT_MS = 60_000;

/** Fills jobs that run every ten seconds; resolves once they do. */
export async function startLoad(system: System, perSecond: number): Promise<Load> {
  const jobs = Math.round(perSecond * PERIOD_SECONDS);
  await removeJobs(system.postgres.pool);
  const nextRun = soon(jobs);
  await fillJobs(system.postgres.pool, {
    count: jobs,
    schedule: `@every ${PERIOD_SECONDS}s`,
    nextRun,
    staggerMs: (PERIOD_SECONDS * 1_000) / jobs,
    functionUrl: system.functions.url,
  });
  await delay(Math.max(0, nextRun.getTime() - Date.now()));
  return { system, perSecond };
}

/** Lets nothing more fall due; resolves when all that did is over. */
export async function endLoad({ system: { postgres } }: Load): Promise<void> {
  // Claims and outcomes lock jobs in an order of their own, so nobody else may hold any of them.
  await postgres.pool.query(
    `LOCK TABLE automation_jobs IN EXCLUSIVE MODE;
     UPDATE automation_jobs SET enabled = false, status = 'paused', next_run = NULL, next_occurrence = NULL`,
  );
  await waitUntil(async () => (await countOpen(postgres.pool)) === 0, {
    timeoutMs: CATCH_UP_TIMEOUT_MS,
    what: 'the last outcomes',
  });
}

export async function measureWindow({ system }: Load, seconds: number): Promise<Window> {
  await system.functions.take();
  const start = performance.now();
  const before = system.cpu();
  await delay(seconds * 1_000);
  const { performs, lags } = await system.functions.take();
  return {
    perSecond: performs / ((performance.now() - start) / 1_000),
    lagMs: { median: percentile(lags, 0.5), p99: percentile(lags, 0.99), max: percentile(lags, 1) },
    cpuPerRun: perUnit(before, system.cpu(), performs),
  };
}

/** Lets many more jobs fall due at once, and answers how many runs a second are done while there is a backlog. */
export async function measureBurst(load: Load): Promise<number> {
  const { system, perSecond } = load;
  const { postgres, functions } = system;
  const count = Math.round(perSecond * BURST_SECONDS);
  const nextRun = soon(count);
  await fillJobs(postgres.pool, {
    count,
    schedule: '@every 24h',
    nextRun,
    staggerMs: 0,
    functionUrl: functions.url,
  });
  await delay(Math.max(0, nextRun.getTime() - Date.now()) + BURST_LEAD_MS);
  const { perSecond: rate } = await measureWindow(load, BURST_SECONDS);
  await untilCaughtUp(load);
  return rate;
}

/** Until the load is on time again. */
async function untilCaughtUp(load: Load): Promise<void> {
  const deadline = Date.now() + CATCH_UP_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const { lagMs } = await measureWindow(load, 1);
    if (lagMs.max < 1_000) return;
  }
}
