import type { Pool } from 'pg';

/** What PostgreSQL has counted since it started. */
export interface ServerCounts {
  walBytes: number;
  /** With those that write nothing, such as a look at a queue. */
  commits: number;
  walSyncs: number;
  tasks: number;
}

/** Reads what runs have left behind in PostgreSQL. */
export async function readServerCounts(pool: Pool): Promise<ServerCounts> {
  const { rows } = await pool.query<ServerCounts>(
    `SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8 AS "walBytes",
            (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database())::float8 AS commits,
            (SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal')::float8 AS "walSyncs",
            (SELECT sum(n_tup_ins) FROM pg_stat_user_tables JOIN pgboss.queue ON table_name = relname
             WHERE name LIKE 'automation.%')::float8 AS tasks`,
  );
  const [counts] = rows;
  if (counts === undefined) throw new Error('PostgreSQL answered without a row');
  return counts;
}
