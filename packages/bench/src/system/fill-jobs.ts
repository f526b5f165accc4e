import type { Pool } from 'pg';

export interface JobsToFill {
  count: number;
  /** Text after which all of them run, e.g. `@every 1h`. */
  schedule: string;
  /** Of the first one. */
  nextRun: Date;
  /** Milliseconds between the next runs of one job and another; 0 if all are due at once. */
  staggerMs: number;
  functionUrl: string;
  payload?: object;
}

const ACCOUNT = 'bench';
const FUNCTION = 'bench';
const SECRET = 'whsec_' + Buffer.alloc(32, 'bench').toString('base64');

/** A UUIDv7: PostgreSQL makes them by itself from 18 on. */
const NEW_ID = `(
  lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
    || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid`;

/**
 * Writes jobs as the api would, all in one statement: a million of them through HTTP would be a benchmark of its own. The
 * database has to be migrated.
 */
export async function fillJobs(pool: Pool, jobs: JobsToFill): Promise<void> {
  await ensureFunction(pool, jobs.functionUrl);
  await pool.query(
    `WITH born AS (
       SELECT ${NEW_ID} AS id, n, $2::timestamptz + n * make_interval(secs => $3) AS next_run
       FROM generate_series(0, $1::int - 1) AS n
     ),
     spans AS (
       INSERT INTO automation_timetables (job_id, after_at, schedule, timezone, anchor)
       SELECT id, next_run - interval '1 day', $4, 'UTC', next_run - interval '1 day' FROM born
     )
     INSERT INTO automation_jobs (
       id, account_id, function_id, name, description, schedule, timezone, anchor, status, enabled, run_count, max_runs,
       check_count, consecutive_failures, in_flight, waiting, next_run, next_occurrence, payload, metadata,
       overlap_policy, catch_up_policy, catch_up_window_seconds, jitter_seconds, retry_limit, pause_after_failures,
       version, created_at, updated_at)
     SELECT id, '${ACCOUNT}', '${FUNCTION}', 'job ' || id, '', $4, 'UTC', next_run - interval '1 day', 'active', true, 0, 0,
            0, 0, 0, 0, next_run, next_run, $5::jsonb, '{}',
            'skip', 'latest', 86400, 0, 2, 0, 1, now(), now()
     FROM born`,
    [
      jobs.count,
      jobs.nextRun,
      jobs.staggerMs / 1_000,
      jobs.schedule,
      JSON.stringify(jobs.payload ?? { n: 1 }),
    ],
  );
  // As autovacuum would within a minute.
  await pool.query('ANALYZE automation_jobs');
}

/** Removes all jobs and what the ledger has of them. */
export async function removeJobs(pool: Pool): Promise<void> {
  await pool.query(
    `TRUNCATE automation_jobs, automation_timetables, automation_executions, automation_waiting_executions,
              automation_missed_runs`,
  );
}

async function ensureFunction(pool: Pool, url: string): Promise<void> {
  await pool.query(
    `INSERT INTO accounts (id, name, created_at) VALUES ('${ACCOUNT}', 'bench', now()) ON CONFLICT DO NOTHING`,
  );
  await pool.query(
    `INSERT INTO functions (id, account_id, name, url, headers, timeout_seconds, secret, created_at, updated_at)
     VALUES ('${FUNCTION}', '${ACCOUNT}', 'bench', $1, '{}', 30, $2, now(), now())
     ON CONFLICT (id) DO UPDATE SET url = excluded.url`,
    [url, SECRET],
  );
}
