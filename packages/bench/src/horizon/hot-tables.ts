import type { Pool } from 'pg';

/** A table by its size, as the statistics of PostgreSQL have it. */
export interface BloatedTable {
  name: string;
  live: number;
  dead: number;
  tableMb: number;
  indexesMb: number;
}

/** The tables that every run changes: the jobs, the history of today, and the two queues. */
export async function readHotTables(pool: Pool): Promise<BloatedTable[]> {
  const { rows } = await pool.query<BloatedTable>(
    `SELECT coalesce(queue.name, relname) AS name, n_live_tup::int AS live, n_dead_tup::int AS dead,
            round(pg_table_size(relid) / 1e6)::int AS "tableMb",
            round(pg_indexes_size(relid) / 1e6)::int AS "indexesMb"
     FROM pg_stat_user_tables LEFT JOIN pgboss.queue ON queue.table_name = relname
     WHERE relname = 'automation_jobs' OR queue.name LIKE 'automation.%'
       OR relname = 'automation_executions_p' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD')
     ORDER BY 1`,
  );
  return rows;
}
