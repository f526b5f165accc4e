import { sql } from 'kysely';

import type { Transaction } from './database.ts';

/** The jobs that are due and not claimed yet. */
export interface DueBacklog {
  /** How many they are; no more are counted than was asked for. */
  jobs: number;
  /** For how long the oldest of them has been due; 0 if there is none. */
  oldestSeconds: number;
}

/** Measures the backlog of due jobs, along the beginning of their index. */
export async function measureDueBacklog(trx: Transaction, limit: number): Promise<DueBacklog> {
  const { rows } = await sql<DueBacklog>`
    SELECT count(*) AS jobs, coalesce(extract(epoch FROM now() - min(next_run)), 0)::float8 AS oldest_seconds
    FROM (
      SELECT next_run FROM automation_jobs WHERE enabled AND next_run <= now() ORDER BY next_run LIMIT ${limit}
    ) AS due`.execute(trx);
  return rows[0] ?? { jobs: 0, oldestSeconds: 0 };
}
