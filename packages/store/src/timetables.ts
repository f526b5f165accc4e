import type { Job } from '@automation/domain';
import { sql } from 'kysely';

import type { Database, Transaction } from './database.ts';
import { unnest } from './unnest.ts';

/**
 * Notes that a job has had the timetable that it has now, or none if it is disabled, since `from`: what was noted of the
 * time after it no longer holds. The transaction holds the job's row, unless the job is new.
 */
export async function change(trx: Transaction, job: Job, from: Date): Promise<void> {
  await trx
    .deleteFrom('automationTimetables')
    .where('jobId', '=', job.id)
    .where('afterAt', '>=', from)
    .execute();
  await trx
    .updateTable('automationTimetables')
    .set({ untilAt: from })
    .where('jobId', '=', job.id)
    .where((eb) => eb.or([eb('untilAt', 'is', null), eb('untilAt', '>', from)]))
    .execute();
  if (job.enabled) await open(trx, job, from);
}

/** Notes a job's first timetable. */
export async function open(trx: Transaction, job: Job, from: Date): Promise<void> {
  const { id: jobId, schedule, timezone, anchor, startAt, endAt } = job;
  await trx
    .insertInto('automationTimetables')
    .values({ jobId, afterAt: from, untilAt: null, schedule, timezone, anchor, startAt, endAt })
    .execute();
}

/** A job that was stopped, and when it ceased to be active. */
export interface StoppedJob {
  jobId: string;
  until: Date;
}

/** Notes that jobs were stopped. The transaction holds their rows. */
export async function close(trx: Transaction, stopped: readonly StoppedJob[]): Promise<void> {
  if (stopped.length === 0) return;
  await sql`
    UPDATE automation_timetables t SET until_at = greatest(t.after_at, input.until)
    FROM ${unnest(stopped, { jobId: 'uuid', until: 'timestamptz' })}
    WHERE t.job_id = input.job_id AND t.until_at IS NULL`.execute(trx);
}

/** Forgets the timetables that ended before an instant. */
export async function removeBefore(db: Database, oldest: Date): Promise<void> {
  await db.deleteFrom('automationTimetables').where('untilAt', '<', oldest).execute();
}
