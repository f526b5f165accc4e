import type { Pool } from 'pg';

import { soon, untilDrained, untilPerformed } from '../system/backlog.ts';
import { fillJobs, removeJobs } from '../system/fill-jobs.ts';
import { type Drain, perUnit, type System } from '../system/system.ts';

const HOUR_MS = 3_600_000;
const TIMEOUT_MS = 300_000;
/** Moving jobs that lie scattered over a large table takes longer than writing new ones. */
const SLOWER_THAN_FILLING = 3;

export interface JobTableOptions {
  jobs: number;
  /** Those that run when told to; the others stay idle. */
  active: number;
  payload?: object;
  /** Of the function; 0 answers at once. */
  delayMs?: number;
}

/** A table of jobs that are hours from being due, of which some, spread over it, are made due time and again. */
export class JobTable {
  readonly #system: System;
  readonly #active: readonly string[];

  private constructor(system: System, active: readonly string[]) {
    this.#system = system;
    this.#active = active;
  }

  /** Replaces all jobs that the system has. */
  static async fill(system: System, options: JobTableOptions): Promise<JobTable> {
    const { jobs, active, payload = { n: 1 }, delayMs = 0 } = options;
    const { pool } = system.postgres;
    const { url } = system.functions;
    await removeJobs(pool);
    await fillJobs(pool, {
      count: jobs,
      schedule: '@every 24h',
      nextRun: new Date(Date.now() + 6 * HOUR_MS),
      staggerMs: (12 * HOUR_MS) / jobs,
      functionUrl: delayMs === 0 ? url : `${url}?delay=${delayMs}`,
      payload,
    });
    // What else would come while something is measured.
    await pool.query('VACUUM ANALYZE automation_jobs, automation_timetables');
    await pool.query('CHECKPOINT');
    return new JobTable(system, await pick(pool, active, jobs));
  }

  /** Lets all active jobs fall due at one instant, and measures until the ledger has the outcome of each. */
  async drain(): Promise<Drain> {
    const { postgres, functions } = this.#system;
    const runs = this.#active.length;
    await this.#reset();
    const due = soon(runs * SLOWER_THAN_FILLING);
    await moveTo(postgres.pool, this.#active, { due, staggerMs: 0 });
    const before = this.#system.cpu();
    const drained = await untilDrained(postgres.pool, functions, { runs, due, timeoutMs: TIMEOUT_MS });
    const cpuPerRun = perUnit(before, this.#system.cpu(), runs);
    return { ...drained, perSecond: runs / drained.seconds, cpuPerRun };
  }

  /** Lets so many jobs, or all active ones, fall due one after the other; answers how late each check came, in ms. */
  async trickle(jobs: number, perSecond: number): Promise<number[]> {
    const { postgres, functions } = this.#system;
    const ids = this.#active.slice(0, jobs);
    await this.#reset();
    const due = soon(ids.length * SLOWER_THAN_FILLING);
    await moveTo(postgres.pool, ids, { due, staggerMs: 1_000 / perSecond });
    await untilPerformed(functions, ids.length, TIMEOUT_MS);
    return (await functions.take()).lags;
  }

  /** The ledger and the function server know nothing of the time before. */
  async #reset(): Promise<void> {
    await this.#system.postgres.pool.query(
      'TRUNCATE automation_executions, automation_waiting_executions, automation_missed_runs',
    );
    await this.#system.functions.take();
  }
}

/** Ids of so many jobs, at even distances. */
async function pick(pool: Pool, count: number, jobs: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM automation_jobs) AS numbered
     WHERE n % $2::int = 0 LIMIT $1`,
    [count, Math.floor(jobs / count)],
  );
  return rows.map(({ id }) => id);
}

/** Lets jobs fall due, the first of them at `due`. Throws if that took so long that the scheduler was surprised. */
async function moveTo(
  pool: Pool,
  ids: readonly string[],
  { due, staggerMs }: { due: Date; staggerMs: number },
): Promise<void> {
  await pool.query(
    `UPDATE automation_jobs SET next_run = at, next_occurrence = at
     FROM (
       SELECT id AS moved, $2::timestamptz + (n - 1) * make_interval(secs => $3) AS at
       FROM unnest($1::uuid[]) WITH ORDINALITY AS listed (id, n)
     ) AS moves
     WHERE id = moved`,
    [ids, due, staggerMs / 1_000],
  );
  if (Date.now() > due.getTime()) throw new Error(`moving ${ids.length} jobs took until after they were due`);
}
