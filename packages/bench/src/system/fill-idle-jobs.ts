import type { Pool } from 'pg';

import { fillJobs } from './fill-jobs.ts';

/** A statement's, so that filling shows its progress. */
const JOBS_PER_STATEMENT = 100_000;
const UNTIL_DUE_MS = 6 * 3_600_000;
const SPREAD_MS = 6 * 3_600_000;

export interface IdleJobs {
  count: number;
  functionUrl: string;
  progress: (line: string) => void;
}

/** Writes jobs that are enabled, and due at some time hours ahead. The tables are left as autovacuum leaves them. */
export async function fillIdleJobs(pool: Pool, { count, functionUrl, progress }: IdleJobs): Promise<void> {
  const staggerMs = SPREAD_MS / count;
  const first = Date.now() + UNTIL_DUE_MS;
  for (let filled = 0; filled < count; filled += JOBS_PER_STATEMENT) {
    await fillJobs(pool, {
      count: Math.min(JOBS_PER_STATEMENT, count - filled),
      schedule: '@every 24h',
      nextRun: new Date(first + filled * staggerMs),
      staggerMs,
      functionUrl,
    });
    progress(`${Math.min(filled + JOBS_PER_STATEMENT, count)} of ${count} jobs filled`);
  }
  await pool.query('VACUUM (ANALYZE) automation_jobs, automation_timetables');
}
