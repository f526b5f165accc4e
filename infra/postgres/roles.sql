-- Least-privilege roles: an owner, as which the migrations run, and one for each service, with the rights that it needs and
-- no others. Run it as a superuser after each migration; what it does not grant to them it revokes, from PUBLIC too, so it may be
-- run at any time:
--
--   psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f infra/postgres/roles.sql
--
-- The roles have no passwords: set them (\password automation_api), or let the server know them in another way.

BEGIN;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['automation_owner', 'automation_api', 'automation_scheduler', 'automation_worker'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I LOGIN', name);
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), name);
  END LOOP;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  -- For the schema of pg-boss.
  EXECUTE format('GRANT CREATE ON DATABASE %I TO automation_owner', current_database());
END $$;

-- What there is belongs to the owner, whoever made it.
ALTER SCHEMA public OWNER TO automation_owner;
ALTER SCHEMA pgboss OWNER TO automation_owner;
ALTER TYPE pgboss.job_state OWNER TO automation_owner;

DO $$
DECLARE
  name text;
BEGIN
  FOR name IN
    SELECT oid::regclass FROM pg_class
    WHERE relnamespace IN ('public'::regnamespace, 'pgboss'::regnamespace) AND relkind IN ('r', 'p')
      AND relowner <> 'automation_owner'::regrole
      AND oid NOT IN (SELECT relid FROM pg_partition_tree('automation_executions'))
  LOOP
    EXECUTE format('ALTER TABLE %s OWNER TO automation_owner', name);
  END LOOP;
  FOR name IN
    SELECT oid::regprocedure FROM pg_proc
    WHERE pronamespace IN ('public'::regnamespace, 'pgboss'::regnamespace) AND proowner <> 'automation_owner'::regrole
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO automation_owner', name);
  END LOOP;
END $$;

REVOKE ALL ON SCHEMA public, pgboss FROM PUBLIC, automation_api, automation_scheduler, automation_worker;
REVOKE ALL ON ALL TABLES IN SCHEMA public, pgboss FROM PUBLIC, automation_api, automation_scheduler, automation_worker;
GRANT USAGE ON SCHEMA public, pgboss TO automation_api, automation_scheduler, automation_worker;

-- The history belongs to the scheduler: only a table's owner may attach and drop its partitions. The others' rights on the
-- table hold for each of its partitions, those of tomorrow included. The owner may still migrate it.
GRANT CREATE ON SCHEMA public TO automation_scheduler;
GRANT automation_scheduler TO automation_owner;

DO $$
DECLARE
  part record;
BEGIN
  FOR part IN
    SELECT relid AS name, relowner FROM pg_partition_tree('automation_executions') JOIN pg_class ON oid = relid
  LOOP
    IF part.relowner <> 'automation_scheduler'::regrole THEN
      EXECUTE format('ALTER TABLE %s OWNER TO automation_scheduler', part.name);
    END IF;
    EXECUTE format('GRANT ALL ON %s TO automation_scheduler', part.name);
  END LOOP;
END $$;

-- api
GRANT SELECT, INSERT ON accounts, automation_audit_log TO automation_api;
GRANT SELECT, INSERT, UPDATE ON api_keys, automation_jobs, automation_job_counts, automation_executions,
  automation_event_settings TO automation_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON functions, automation_timetables, automation_waiting_executions,
  automation_event_endpoints, idempotency_keys TO automation_api;
GRANT SELECT, INSERT, UPDATE ON automation_missed_runs TO automation_api;
GRANT SELECT ON automation_events TO automation_api;
GRANT SELECT, INSERT ON automation_outbox TO automation_api;
-- The overview shows which replicas are connected, whatever their role.
GRANT pg_read_all_stats TO automation_api;

-- scheduler
GRANT SELECT, UPDATE ON automation_jobs TO automation_scheduler;
GRANT SELECT, INSERT, UPDATE, DELETE ON automation_timetables, automation_waiting_executions, automation_missed_runs
  TO automation_scheduler;
GRANT SELECT, INSERT, DELETE ON automation_outbox, automation_events TO automation_scheduler;
GRANT SELECT ON automation_event_settings TO automation_scheduler;
-- Of these it sees no more than what is old, and which endpoints have lost events that were dropped.
GRANT SELECT (ctid, created_at), DELETE ON idempotency_keys TO automation_scheduler;
GRANT SELECT (ctid, at), INSERT, DELETE ON automation_audit_log TO automation_scheduler;
GRANT SELECT (account_id, types, delivered_position, lost_after), UPDATE (delivered_position, lost_after)
  ON automation_event_endpoints TO automation_scheduler;

-- worker
GRANT SELECT, UPDATE ON automation_jobs, automation_executions, automation_event_endpoints TO automation_worker;
GRANT SELECT, UPDATE ON automation_timetables TO automation_worker;
GRANT SELECT, INSERT, UPDATE ON automation_missed_runs TO automation_worker;
GRANT SELECT, DELETE ON automation_waiting_executions TO automation_worker;
GRANT SELECT ON functions, automation_event_settings, automation_events TO automation_worker;
GRANT INSERT ON automation_outbox, automation_audit_log TO automation_worker;

-- pg-boss: the api enqueues, counts and takes back, a worker fetches and completes, and the scheduler looks after it all.
GRANT SELECT ON pgboss.version, pgboss.queue TO automation_api, automation_scheduler, automation_worker;
GRANT UPDATE ON pgboss.version, pgboss.queue TO automation_scheduler;
GRANT SELECT, DELETE ON pgboss.job_dependency TO automation_scheduler;
GRANT SELECT, UPDATE, DELETE ON pgboss.instance TO automation_scheduler;

DO $$
DECLARE
  name text;
BEGIN
  -- pg-boss names each queue's partition.
  FOR name IN SELECT relid FROM pg_partition_tree('pgboss.job') LOOP
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON %s TO automation_api', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO automation_scheduler, automation_worker', name);
  END LOOP;
END $$;

COMMIT;
