import { Pool } from 'pg';

/** Transactions that are told apart by what they make PostgreSQL wait for. */
export const TRANSACTIONS = {
  writing: 'INSERT INTO bench_commits VALUES (1)',
  writingAndWaking: "WITH written AS (INSERT INTO bench_commits VALUES (1)) SELECT pg_notify('bench', '')",
  waking: "SELECT pg_notify('bench', '')",
} as const;

export interface CommitLoad {
  url: string;
  sessions: number;
  seconds: number;
  transaction: keyof typeof TRANSACTIONS;
}

/** How many transactions of one statement are committed a second, by sessions that wait for each of their commits. */
export async function measureCommitRate(load: CommitLoad): Promise<number> {
  const { url, sessions, seconds, transaction } = load;
  const pool = new Pool({ connectionString: url, max: sessions, application_name: 'bench-commits' });
  try {
    await pool.query('CREATE TABLE bench_commits (n integer)');
    const end = performance.now() + seconds * 1_000;
    let commits = 0;
    const keepCommitting = async () => {
      while (performance.now() < end) {
        await pool.query(TRANSACTIONS[transaction]);
        commits += 1;
      }
    };
    await Promise.all(Array.from({ length: sessions }, keepCommitting));
    return commits / seconds;
  } finally {
    await pool.query('DROP TABLE IF EXISTS bench_commits');
    await pool.end();
  }
}
