import type { Job } from '@automation/domain';
import { type RawBuilder, sql } from 'kysely';

import type { Database, Transaction } from './database.ts';
import { unnest } from './unnest.ts';

const COLUMNS = 'job_id, after_at, schedule, timezone, anchor, start_at, end_at';

/** Notes timetables: those of the table expression that is to follow. */
export const OPEN = `INSERT INTO automation_timetables (${COLUMNS}) SELECT ${COLUMNS} FROM`;

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
  if (job.enabled) await sql`${sql.raw(OPEN)} ${asTable(job, from)}`.execute(trx);
}

function asTable(job: Job, afterAt: Date): RawBuilder<unknown> {
  const { id: jobId, schedule, timezone, anchor, startAt, endAt } = job;
  return unnest([{ jobId, afterAt, schedule, timezone, anchor, startAt, endAt }], {
    jobId: 'uuid',
    afterAt: 'timestamptz',
    schedule: 'text',
    timezone: 'text',
    anchor: 'timestamptz',
    startAt: 'timestamptz',
    endAt: 'timestamptz',
  });
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
