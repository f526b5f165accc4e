import type { Pool } from 'pg';

/** Bytes on disk, with indexes and the room that pages keep for changes. */
export interface StoredBytes {
  jobs: number;
  history: number;
}

export async function readStoredBytes(pool: Pool): Promise<StoredBytes> {
  const { rows } = await pool.query<StoredBytes>(
    `SELECT (pg_total_relation_size('automation_jobs') + pg_total_relation_size('automation_timetables'))::float8 AS jobs,
            (SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits
             WHERE inhparent = 'automation_executions'::regclass)::float8 AS history`,
  );
  const [bytes] = rows;
  if (bytes === undefined) throw new Error('PostgreSQL answered without a row');
  return bytes;
}
