import { type Kysely, sql } from 'kysely';

/**
 * How many jobs each account has, for the limit of jobs per account (SPEC 5). Several rows count an account's jobs, or each
 * create would wait until the one before it is committed.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE automation_job_counts (
      account_id text NOT NULL,
      part       smallint NOT NULL CHECK (part BETWEEN 0 AND 15),
      jobs       integer NOT NULL CHECK (jobs >= 0),
      PRIMARY KEY (account_id, part)
    ) WITH (fillfactor = 50)`.execute(db);
  await sql`
    INSERT INTO automation_job_counts (account_id, part, jobs)
    SELECT account_id, (n - 1) % 16, count(*)
    FROM (SELECT account_id, row_number() OVER (PARTITION BY account_id) AS n FROM automation_jobs) AS numbered
    GROUP BY 1, 2`.execute(db);
}
