import { Client, type Pool } from 'pg';

/** What PostgreSQL has counted since it started. */
export interface ServerCounts {
  walBytes: number;
  commits: number;
  walSyncs: number;
  tasks: number;
  /** Commits that woke somebody who waits for tasks: each of them waits for the one before it. */
  wakingCommits: number;
}

/** pg-boss's channel for a schema `pgboss`. */
const CHANNEL = `SELECT 'pgboss_' || left(encode(sha224('pgboss'::bytea), 'hex'), 24) AS channel`;

/** Reads what a run leaves behind in PostgreSQL. It hears of the tasks as the workers do. */
export class ServerCounters {
  readonly #pool: Pool;
  readonly #listener: Client;
  #wakingCommits = 0;

  private constructor(pool: Pool, listener: Client) {
    this.#pool = pool;
    this.#listener = listener;
    // Repeats within a transaction are heard once.
    listener.on('notification', () => {
      this.#wakingCommits += 1;
    });
  }

  static async start(url: string, pool: Pool): Promise<ServerCounters> {
    const listener = new Client({ connectionString: url, application_name: 'bench-listener' });
    await listener.connect();
    const { rows } = await pool.query<{ channel: string }>(CHANNEL);
    for (const { channel } of rows) await listener.query(`LISTEN ${channel}`);
    return new ServerCounters(pool, listener);
  }

  async read(): Promise<ServerCounts> {
    const { rows } = await this.#pool.query<Omit<ServerCounts, 'wakingCommits'>>(
      `SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8 AS "walBytes",
              (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database())::float8 AS commits,
              (SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal')::float8 AS "walSyncs",
              (SELECT sum(n_tup_ins) FROM pg_stat_user_tables JOIN pgboss.queue ON table_name = relname
               WHERE name LIKE 'automation.%')::float8 AS tasks`,
    );
    const [counts] = rows;
    if (counts === undefined) throw new Error('PostgreSQL answered without a row');
    return { ...counts, wakingCommits: this.#wakingCommits };
  }

  async stop(): Promise<void> {
    await this.#listener.end();
  }
}
