import { AppError } from '@automation/domain';
import { sql } from 'kysely';

import type { Database, Transaction } from './database.ts';

/** SQLSTATE of a statement that was ended by its time-out. */
const QUERY_CANCELED = '57014';

/** The jobs that are due and not claimed yet. */
export interface DueBacklog {
  /** How many they are; no more are counted than was asked for. */
  jobs: number;
  /** For how long the oldest of them has been due; 0 if there is none. */
  oldestSeconds: number;
}

/**
 * Reads in a transaction whose statements are ended after so many ms: a server that is too busy for them in time is not
 * kept busy any longer. Throws UNAVAILABLE then.
 */
export async function readBriefly<T>(
  db: Database,
  timeoutMs: number,
  read: (trx: Transaction) => Promise<T>,
): Promise<T> {
  const reading = db.transaction().setAccessMode('read only');
  try {
    return await reading.execute(async (trx) => {
      await sql`SELECT set_config('statement_timeout', ${String(timeoutMs)}, true)`.execute(trx);
      return read(trx);
    });
  } catch (error) {
    if (!Error.isError(error) || !('code' in error) || error.code !== QUERY_CANCELED) throw error;
    throw new AppError('UNAVAILABLE', 'the database is too busy to tell', { cause: error });
  }
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
