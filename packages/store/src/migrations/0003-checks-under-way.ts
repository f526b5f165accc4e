import { type Kysely, sql } from 'kysely';

/**
 * A job's row counts the checks of executions that are over, since each version of the row is in the way of the next
 * look-up until vacuum comes by. The checks whose performs are under way are counted when somebody reads the job.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE FUNCTION automation_checks_under_way(job uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
      SELECT count(*) FROM automation_executions e
      WHERE e.job_id = job AND e.completed_at IS NULL AND e.phase = 'perform'
    $$`.execute(db);
  await sql`
    UPDATE automation_jobs SET check_count = check_count - automation_checks_under_way(id)
    WHERE in_flight > waiting`.execute(db);
}
