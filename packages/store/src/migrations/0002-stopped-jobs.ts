import { type Kysely, sql } from 'kysely';

/** The few jobs that the service has paused, for whoever looks after it. No run of a job changes what the index holds. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE INDEX automation_jobs_paused_by_us ON automation_jobs (id)
    WHERE status = 'paused' AND status_reason IS NOT NULL`.execute(db);
}
