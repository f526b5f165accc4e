import { type Kysely, sql } from 'kysely';

/** Accounts, keys, functions, jobs and the history of executions (SPEC 1, 3, 5). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createTenancy(db);
  await createJobs(db);
  await createTimetables(db);
  await createExecutions(db);
  await createIdempotencyKeys(db);
}

async function createTenancy(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE accounts (
      id         text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 128),
      name       text NOT NULL,
      created_at timestamptz NOT NULL
    )`.execute(db);
  await sql`
    CREATE TABLE api_keys (
      id           uuid PRIMARY KEY,
      account_id   text NOT NULL REFERENCES accounts,
      name         text NOT NULL,
      prefix       text NOT NULL,
      hash         bytea NOT NULL UNIQUE,
      scopes       text[] NOT NULL,
      expires_at   timestamptz,
      revoked_at   timestamptz,
      last_used_at timestamptz,
      created_at   timestamptz NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX api_keys_account ON api_keys (account_id, id DESC)`.execute(db);
  await sql`
    CREATE TABLE functions (
      id              text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 128),
      account_id      text NOT NULL REFERENCES accounts,
      name            text NOT NULL,
      url             text NOT NULL,
      headers         jsonb NOT NULL,
      timeout_seconds integer NOT NULL,
      secret          text NOT NULL,
      created_at      timestamptz NOT NULL,
      updated_at      timestamptz NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX functions_listing ON functions (account_id, created_at DESC, id DESC)`.execute(db);
}

async function createJobs(db: Kysely<unknown>): Promise<void> {
  // account_id and function_id are no foreign keys: accounts and functions may live in a service of their own.
  await sql`
    CREATE TABLE automation_jobs (
      id                      uuid PRIMARY KEY,
      account_id              text NOT NULL,
      function_id             text NOT NULL,
      name                    text NOT NULL,
      description             text NOT NULL,
      schedule                text NOT NULL,
      timezone                text NOT NULL,
      anchor                  timestamptz NOT NULL,
      status                  text NOT NULL CHECK (status IN ('active', 'completed', 'paused')),
      status_reason           text,
      enabled                 boolean NOT NULL,
      run_count               bigint NOT NULL,
      max_runs                bigint NOT NULL,
      check_count             bigint NOT NULL,
      consecutive_failures    integer NOT NULL,
      in_flight               integer NOT NULL CHECK (in_flight >= 0),
      waiting                 integer NOT NULL CHECK (waiting BETWEEN 0 AND in_flight),
      last_run                timestamptz,
      next_run                timestamptz,
      next_occurrence         timestamptz,
      payload                 jsonb NOT NULL,
      metadata                jsonb NOT NULL,
      overlap_policy          text NOT NULL,
      catch_up_policy         text NOT NULL,
      catch_up_window_seconds integer NOT NULL,
      jitter_seconds          integer NOT NULL,
      start_at                timestamptz,
      end_at                  timestamptz,
      retry_limit             integer NOT NULL,
      timeout_seconds         integer,
      pause_after_failures    integer NOT NULL,
      version                 integer NOT NULL,
      created_at              timestamptz NOT NULL,
      updated_at              timestamptz NOT NULL,
      CHECK (enabled = (status = 'active')),
      CHECK (enabled = (next_run IS NOT NULL)),
      CHECK (enabled = (next_occurrence IS NOT NULL))
    ) WITH (fillfactor = 70)`.execute(db);
  await sql`CREATE INDEX automation_jobs_due ON automation_jobs (next_run) WHERE enabled`.execute(db);
  // Not by id alone: the planner would walk the primary key through everybody's jobs to find an account's first page.
  await sql`
    CREATE INDEX automation_jobs_listing ON automation_jobs (account_id, created_at DESC, id DESC)`.execute(
    db,
  );
  // ICU's rules, since what the database's own locale knows of upper and lower case may end with ASCII.
  await sql`
    CREATE UNIQUE INDEX automation_jobs_name ON automation_jobs (account_id, lower(name COLLATE "und-x-icu"))`.execute(
    db,
  );
}

async function createTimetables(db: Kysely<unknown>): Promise<void> {
  // By which timetable a job was active when; the audit compares the ledger with it.
  await sql`
    CREATE TABLE automation_timetables (
      job_id   uuid NOT NULL,
      after_at timestamptz NOT NULL,
      until_at timestamptz CHECK (until_at >= after_at),
      schedule text NOT NULL,
      timezone text NOT NULL,
      anchor   timestamptz NOT NULL,
      start_at timestamptz,
      end_at   timestamptz,
      PRIMARY KEY (job_id, after_at)
    )`.execute(db);
}

async function createExecutions(db: Kysely<unknown>): Promise<void> {
  // By day of scheduled_for, so that old history is dropped and not deleted. The id is a UUIDv7 of the same instant,
  // which leads a look-up by id to its partition. No foreign key to the job: jobs are never deleted.
  await sql`
    CREATE TABLE automation_executions (
      id             uuid NOT NULL,
      job_id         uuid NOT NULL,
      account_id     text NOT NULL,
      function_id    text NOT NULL,
      trigger        text NOT NULL CHECK (trigger IN ('schedule', 'manual', 'catch_up')),
      scheduled_for  timestamptz NOT NULL,
      due_at         timestamptz NOT NULL,
      status         text NOT NULL,
      reason         text,
      phase          text NOT NULL DEFAULT 'check' CHECK (phase IN ('check', 'perform')),
      attempts       integer NOT NULL DEFAULT 0,
      task_id        uuid,
      task_attempt   integer,
      completion_token uuid,
      awaits_completion boolean NOT NULL DEFAULT false,
      perform_input  jsonb,
      check_result   jsonb,
      perform_result jsonb,
      created_at     timestamptz NOT NULL DEFAULT now(),
      started_at     timestamptz,
      completed_at   timestamptz,
      PRIMARY KEY (id, scheduled_for),
      UNIQUE (job_id, scheduled_for),
      CONSTRAINT finished_has_no_task CHECK (task_id IS NULL OR completed_at IS NULL)
    ) PARTITION BY RANGE (scheduled_for)`.execute(db);
  // The few that are open, for the scanner: a history of millions is not to be searched for them.
  await sql`
    CREATE INDEX automation_executions_open ON automation_executions (job_id, id) WHERE completed_at IS NULL`.execute(
    db,
  );
  await sql`CREATE TABLE automation_executions_default PARTITION OF automation_executions DEFAULT`.execute(
    db,
  );
  // The few that wait for a task have a table of their own: an index on the executions would cost every one of them.
  await sql`
    CREATE TABLE automation_waiting_executions (
      job_id        uuid NOT NULL,
      scheduled_for timestamptz NOT NULL,
      execution_id  uuid NOT NULL,
      PRIMARY KEY (job_id, scheduled_for)
    )`.execute(db);
  // Occurrences that never became an execution: a run of them is one row.
  await sql`
    CREATE TABLE automation_missed_runs (
      job_id     uuid NOT NULL,
      account_id text NOT NULL,
      from_at    timestamptz NOT NULL,
      to_at      timestamptz NOT NULL,
      count      bigint NOT NULL CHECK (count > 0),
      reason     text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (job_id, from_at)
    )`.execute(db);
}

async function createIdempotencyKeys(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE idempotency_keys (
      account_id      text NOT NULL,
      key             text NOT NULL,
      request_hash    bytea NOT NULL,
      response_status integer,
      response_body   jsonb,
      created_at      timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (account_id, key)
    )`.execute(db);
  await sql`CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at)`.execute(db);
}
