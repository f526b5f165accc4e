import { isSameSchedule, parseSchedule, ScheduleError } from '@automation/schedule';

import { conflict } from './app-error.ts';
import { lastAfter, type MissedRun, missedRun } from './catch-up.ts';
import { goOnFrom } from './create-job.ts';
import type { Job, JobDefinition } from './job.ts';
import {
  blamingInput,
  justBefore,
  nextOccurrence,
  reasonForEnd,
  requireNextRun,
  requireSpan,
  type Timetable,
} from './timetable.ts';

export type JobPatch = Partial<JobDefinition> & { enabled?: boolean };

/**
 * The job with all of a patch applied (SPEC 1 and 5), or none of it.
 * Throws VALIDATION_ERROR for a wrong schedule and for one that the job has and that can no longer be read, CONFLICT for
 * enabling a job that stays completed and for a `max_runs` that executions in flight may exceed.
 */
export function updateJob(job: Job, patch: JobPatch, now: Date): Job {
  return blamingInput(() => applied(job, patch, now));
}

function applied(job: Job, patch: JobPatch, now: Date): Job {
  const { enabled, ...definition } = patch;
  const edited = edit(job, definition, now);
  requireRoomForFlight(edited);
  if (enabled === true && !job.enabled) return enable(edited, now);
  const isMoved = TIMING.some((field) => field in definition);
  if (!job.enabled) return isMoved || 'maxRuns' in definition ? rejudge(edited, now) : edited;
  if (runsAreUsedUp(edited)) return stopped(edited, 'completed', `max_runs ${edited.maxRuns} reached`);
  if (enabled === false) return stopped(edited, 'paused', null);
  return isMoved ? goOn(job, edited, now) : edited;
}

/** Goes on by a changed timetable: from now by another schedule, else from the occurrence that is next already. */
function goOn(before: Job, edited: Job, now: Date): Job {
  const kept = hasSameOccurrences(before, edited) ? before.nextOccurrence : null;
  const continued = goOnFrom(edited, kept === null ? now : justBefore(kept));
  return continued.nextRun === null ? stopped(continued, 'completed', reasonForEnd(continued)) : continued;
}

/** A disabled job is completed while something completes it, and paused once an edit has lifted that (SPEC 1). */
function rejudge(job: Job, now: Date): Job {
  const reason = reasonForCompletion(job, now);
  if (reason !== null) return stopped(job, 'completed', reason);
  return job.status === 'completed' ? stopped(job, 'paused', null) : job;
}

function reasonForCompletion(job: Job, now: Date): string | null {
  if (runsAreUsedUp(job)) return `max_runs ${job.maxRuns} reached`;
  return nextOccurrence(job, now) === null ? reasonForEnd(job) : null;
}

/**
 * The occurrences up to a change that were not claimed, be they overdue or waiting for their jitter: by it they are
 * missed, since the job goes on from now (SPEC 3, the ledger). Null if there are none, if they will still be claimed, or
 * if the schedule can no longer be read.
 */
export function missedByChange(
  before: Timetable & Pick<Job, 'nextOccurrence'>,
  after: Pick<Job, 'nextOccurrence'>,
  now: Date,
): MissedRun | null {
  const { nextOccurrence: from } = before;
  if (from === null || from > now || after.nextOccurrence?.getTime() === from.getTime()) return null;
  try {
    const to = lastAfter({ ...before, nextOccurrence: from }, now)?.scheduledFor ?? from;
    return missedRun(before, { from, to }, 'the job was changed before they were claimed');
  } catch (error) {
    if (error instanceof ScheduleError) return null;
    throw error;
  }
}

const TIMING = [
  'schedule',
  'timezone',
  'startAt',
  'endAt',
  'jitterSeconds',
] as const satisfies (keyof JobDefinition)[];

function edit(job: Job, definition: Partial<JobDefinition>, now: Date): Job {
  const edited = { ...job, ...definition, version: job.version + 1, updatedAt: now };
  requireSpan(edited);
  if (hasSameOccurrences(job, edited)) return edited;
  const rescheduled = { ...edited, anchor: edited.startAt ?? now };
  // Checked even while the job is paused: a schedule that can't be met is refused when it is written.
  requireNextRun(rescheduled, now);
  return rescheduled;
}

/** Whether an edit leaves the schedule and its anchor as they are: writing it in another way is no change. */
function hasSameOccurrences(before: Job, after: Job): boolean {
  if (before.startAt?.getTime() !== after.startAt?.getTime()) return false;
  if (before.schedule === after.schedule && before.timezone === after.timezone) return true;
  try {
    return isSameSchedule(
      parseSchedule(before.schedule, before.timezone),
      parseSchedule(after.schedule, after.timezone),
    );
  } catch (error) {
    // One of them can't be read: that is said of the new one, and an old one is replaced.
    if (error instanceof ScheduleError) return false;
    throw error;
  }
}

/** Enabling counts from now: an occurrence that passed during the pause never fires (SPEC 1). */
function enable(job: Job, now: Date): Job {
  if (runsAreUsedUp(job)) {
    throw conflict(`job is completed: max_runs ${job.maxRuns} is reached (run_count ${job.runCount})`);
  }
  if (nextOccurrence(job, now) === null) throw conflict(`job is completed: ${reasonForEnd(job)}`);
  const enabled = { ...job, enabled: true, status: 'active' as const, statusReason: null };
  return goOnFrom({ ...enabled, consecutiveFailures: 0 }, now);
}

function stopped(job: Job, status: 'paused' | 'completed', reason: string | null): Job {
  return { ...job, enabled: false, status, statusReason: reason, nextRun: null, nextOccurrence: null };
}

function runsAreUsedUp(job: Job): boolean {
  return job.maxRuns > 0 && job.runCount >= job.maxRuns;
}

/** `max_runs` is never exceeded (SPEC 1), and what is in flight can't be called back. */
function requireRoomForFlight({ maxRuns, runCount, inFlight }: Job): void {
  if (maxRuns === 0 || inFlight === 0 || runCount + inFlight <= maxRuns) return;
  throw conflict(
    `max_runs ${maxRuns} is less than run_count ${runCount} and the ${inFlight} executions in flight`,
  );
}
