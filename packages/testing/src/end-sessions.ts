import type { Pool } from 'pg';

import { waitUntil } from './wait-until.ts';

/** Ends sessions by their process ids, as an administrator does it; resolves once they are gone. */
export async function endSessions(pool: Pool, pids: readonly number[]): Promise<void> {
  await pool.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [pids]);
  const areGone = async () => {
    const { rows } = await pool.query<object>('SELECT FROM pg_stat_activity WHERE pid = ANY($1::int[])', [
      pids,
    ]);
    return rows.length === 0;
  };
  await waitUntil(areGone, { what: 'the sessions to end' });
}
