import { type Kysely, sql } from 'kysely';

/** What happens to jobs and executions, for whoever wants to hear of it (SPEC 5). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createEvents(db);
  await createReaders(db);
}

async function createEvents(db: Kysely<unknown>): Promise<void> {
  // Written with what it tells of. Ids become visible in the order of commits, so nobody reads on by them.
  await sql`
    CREATE TABLE automation_outbox (
      id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      account_id   text NOT NULL,
      job_id       uuid NOT NULL,
      execution_id uuid,
      type         text NOT NULL,
      data         jsonb NOT NULL,
      created_at   timestamptz NOT NULL DEFAULT clock_timestamp()
    )`.execute(db);
  // Moved here one batch after the other, so that a position is never visible before those that it follows.
  await sql`
    CREATE TABLE automation_events (
      position     bigint PRIMARY KEY,
      account_id   text NOT NULL,
      job_id       uuid NOT NULL,
      execution_id uuid,
      type         text NOT NULL,
      data         jsonb NOT NULL,
      created_at   timestamptz NOT NULL,
      published_at timestamptz NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX automation_events_account ON automation_events (account_id, position)`.execute(db);
}

async function createReaders(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE automation_event_settings (
      account_id       text PRIMARY KEY,
      execution_events boolean NOT NULL
    )`.execute(db);
  await sql`
    CREATE TABLE automation_event_endpoints (
      id                    uuid PRIMARY KEY,
      account_id            text NOT NULL,
      url                   text NOT NULL,
      types                 text[] NOT NULL,
      secret                text NOT NULL,
      previous_secret       text,
      previous_secret_until timestamptz,
      enabled               boolean NOT NULL,
      disabled_reason       text,
      delivered_position    bigint NOT NULL,
      lost_after            bigint,
      attempts              integer NOT NULL,
      failing_since         timestamptz,
      last_error            text,
      next_attempt_at       timestamptz,
      lease                 uuid,
      leased_until          timestamptz,
      created_at            timestamptz NOT NULL,
      updated_at            timestamptz NOT NULL
    )`.execute(db);
  await sql`
    CREATE INDEX automation_event_endpoints_account ON automation_event_endpoints (account_id, id DESC)`.execute(
    db,
  );
}
