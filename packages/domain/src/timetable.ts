import { nextRun, parseSchedule, type Schedule, ScheduleError } from '@automation/schedule';
import { v5 } from 'uuid';

import { validationError } from './app-error.ts';
import { instantText } from './instant-text.ts';
import type { Job } from './job.ts';

/** What a job's occurrences follow from. */
export type Timetable = Pick<
  Job,
  'id' | 'schedule' | 'timezone' | 'anchor' | 'jitterSeconds' | 'startAt' | 'endAt'
>;

/** An occurrence of a job. */
export interface Occurrence {
  /** When, as the schedule says it; together with the job it names the occurrence. */
  scheduledFor: Date;
  /** The same with the occurrence's jitter: no claim comes before this. */
  dueAt: Date;
}

/** The first occurrence later than `after`, between `start_at` and `end_at`; null if there is none. */
export function nextOccurrence(job: Timetable, after: Date): Occurrence | null {
  const schedule = parseSchedule(job.schedule, job.timezone);
  const scheduledFor = schedule.next(notBeforeStart(job, after), job.anchor);
  if (scheduledFor === null || (job.endAt !== null && scheduledFor > job.endAt)) return null;
  return { scheduledFor, dueAt: dueAt(job, schedule, scheduledFor) };
}

/** When a job runs next, at most `count` times: nothing while it will not run by itself. */
export function upcomingRuns(job: Timetable & Pick<Job, 'nextOccurrence'>, count: number): Date[] {
  const runs: Date[] = [];
  if (job.nextOccurrence === null) return runs;
  let next = nextOccurrence(job, justBefore(job.nextOccurrence));
  while (next !== null && runs.length < count) {
    runs.push(next.dueAt);
    next = nextOccurrence(job, next.scheduledFor);
  }
  return runs;
}

/**
 * Refuses a new timetable without any occurrence later than `now`. Throws VALIDATION_ERROR that says whether the
 * schedule, its time zone or `end_at` is to blame.
 */
export function requireOccurrence(job: Timetable, now: Date): void {
  requireSpan(job);
  const first = requireNextRun(job, now);
  if (job.endAt !== null && first > job.endAt)
    refuseEnd(`is before the first run of schedule "${job.schedule}"`, job.endAt);
}

/** Throws VALIDATION_ERROR unless `end_at` is later than `start_at`. */
export function requireSpan({ startAt, endAt }: Pick<Job, 'startAt' | 'endAt'>): void {
  if (startAt !== null && endAt !== null && endAt <= startAt) refuseEnd('must be later than start_at', endAt);
}

/**
 * The first time later than `now`, and not before `start_at`, that a schedule names. Throws VALIDATION_ERROR if the
 * schedule or its time zone can't be read, or if there is none in five years.
 */
export function requireNextRun(
  job: Pick<Timetable, 'schedule' | 'timezone' | 'anchor' | 'startAt'>,
  now: Date,
): Date {
  return blamingInput(() =>
    nextRun(parseSchedule(job.schedule, job.timezone), notBeforeStart(job, now), job.anchor),
  );
}

/** A job's schedule. Throws VALIDATION_ERROR if it can no longer be read: its time zone was abolished, say. */
export function readSchedule({ schedule, timezone }: Pick<Job, 'schedule' | 'timezone'>): Schedule {
  return blamingInput(() => parseSchedule(schedule, timezone));
}

/** What `read` answers. Throws its ScheduleError as VALIDATION_ERROR that says whether the schedule or its time zone is to blame. */
export function blamingInput<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    const field = error.message.startsWith('timezone ') ? 'timezone' : 'schedule';
    throw validationError(error.message, [{ field, message: error.message }]);
  }
}

/** Why a job has no occurrence ahead of it. */
export function reasonForEnd({ schedule, endAt }: Pick<Job, 'schedule' | 'endAt'>): string {
  const further = `schedule "${schedule}" has no further run`;
  return endAt === null ? further : `${further} before end_at ${instantText(endAt)}`;
}

function refuseEnd(fault: string, endAt: Date): never {
  const message = `end_at ${fault}, got ${instantText(endAt)}`;
  throw validationError(message, [{ field: 'end_at', message }]);
}

/** The instant for "strictly later than" to include `at` itself. */
export function justBefore(at: Date): Date {
  return new Date(at.getTime() - 1);
}

function notBeforeStart({ startAt }: Pick<Timetable, 'startAt'>, after: Date): Date {
  return startAt !== null && startAt > after ? justBefore(startAt) : after;
}

/** Jitter never reaches the following occurrence, so that a job's occurrences are due in their order (SPEC 3.5). */
function dueAt(job: Timetable, schedule: Schedule, scheduledFor: Date): Date {
  if (job.jitterSeconds === 0) return scheduledFor;
  const following = schedule.next(scheduledFor, job.anchor);
  const gap = following === null ? Infinity : following.getTime() - scheduledFor.getTime();
  const spread = Math.min(job.jitterSeconds * 1_000, gap);
  return new Date(scheduledFor.getTime() + Math.floor(spread * jitterShare(job.id, scheduledFor)));
}

/** A number from 0 to 1 that looks random and is always the same for an occurrence of a job. */
function jitterShare(jobId: string, scheduledFor: Date): number {
  const hash = v5(String(scheduledFor.getTime()), jobId);
  return Number.parseInt(hash.slice(0, 8), 16) / 2 ** 32;
}
