import { type Kysely, sql } from 'kysely';

/** Who changed what: entries are added, and nothing but time takes them away. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // The account first, so that the primary key lists its entries, newest first. No foreign keys: an entry outlives what
  // it tells of.
  await sql`
    CREATE TABLE automation_audit_log (
      id             uuid NOT NULL,
      account_id     text NOT NULL,
      at             timestamptz NOT NULL,
      actor_kind     text NOT NULL CHECK (actor_kind IN ('api_key', 'jwt', 'service')),
      actor_id       text NOT NULL,
      action         text NOT NULL,
      target_type    text NOT NULL,
      target_id      text NOT NULL,
      before         jsonb,
      after          jsonb,
      request_id     text,
      client_address text,
      PRIMARY KEY (account_id, id)
    )`.execute(db);
  await sql`CREATE INDEX automation_audit_log_target ON automation_audit_log (target_id, id)`.execute(db);
  // Entries lie in the order of their time, so that a few kilobytes are enough to find the old ones.
  await sql`
    CREATE INDEX automation_audit_log_age ON automation_audit_log USING brin (at) WITH (autosummarize = on)`.execute(
    db,
  );
  await forbidChanges(db);
}

/** Whoever comes by the database's password can't cover up what they did in the last 30 days, the owner of the table aside. */
async function forbidChanges(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE FUNCTION automation_audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN
        IF OLD.at < now() - interval '30 days' THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'automation_audit_log keeps its entries for 30 days at least'
          USING ERRCODE = 'insufficient_privilege';
      END IF;
      RAISE EXCEPTION 'automation_audit_log is append-only: % is refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON automation_audit_log
    FOR EACH ROW EXECUTE FUNCTION automation_audit_log_is_append_only()`.execute(db);
  await sql`
    CREATE TRIGGER no_truncate BEFORE TRUNCATE ON automation_audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION automation_audit_log_is_append_only()`.execute(db);
}
