import { conflict } from './app-error.ts';
import { lastDue, type MissedRun, missedRun } from './catch-up.ts';
import { goOnFrom } from './create-job.ts';
import type { Job, JobDefinition } from './job.ts';
import { nextOccurrence, reasonForEnd, requireNextRun, requireSpan } from './timetable.ts';

export type JobPatch = Partial<JobDefinition> & { enabled?: boolean };

/**
 * The job with all of a patch applied (SPEC 1 and 5), or none of it.
 * Throws VALIDATION_ERROR for a wrong schedule, CONFLICT for enabling a job that stays completed and for a `max_runs` that
 * executions in flight may exceed.
 */
export function updateJob(job: Job, patch: JobPatch, now: Date): Job {
  const { enabled, ...definition } = patch;
  const edited = edit(job, definition, now);
  requireRoomForFlight(edited);
  if (enabled === true && !job.enabled) return enable(edited, now);
  if (enabled === false && job.enabled) return stopped(edited, 'paused', null);
  if (!edited.enabled) return edited;
  if (runsAreUsedUp(edited)) return stopped(edited, 'completed', `max_runs ${edited.maxRuns} reached`);
  if (!hasChanged(job, edited, TIMING)) return edited;
  const continued = goOnFrom(edited, now);
  return continued.nextRun === null ? stopped(continued, 'completed', reasonForEnd(continued)) : continued;
}

/**
 * The occurrences that came due before a change and were not claimed in time: by it they are missed, since the job goes
 * on from now (SPEC 3, the ledger). Null if there are none, or if they will still be claimed.
 */
export function missedByChange(before: Job, after: Job, now: Date): MissedRun | null {
  const { nextRun, nextOccurrence: next } = before;
  if (nextRun === null || next === null || nextRun > now) return null;
  if (after.nextOccurrence?.getTime() === next.getTime()) return null;
  const last = lastDue({ ...before, nextRun, nextOccurrence: next }, now);
  const span = { from: next, to: last.scheduledFor };
  return missedRun(before, span, 'the job was changed before they were claimed');
}

const SCHEDULE = ['schedule', 'timezone', 'startAt'] as const satisfies (keyof JobDefinition)[];
const TIMING = [...SCHEDULE, 'endAt', 'jitterSeconds'] as const satisfies (keyof JobDefinition)[];

function edit(job: Job, definition: Partial<JobDefinition>, now: Date): Job {
  const edited = { ...job, ...definition, version: job.version + 1, updatedAt: now };
  requireSpan(edited);
  if (!hasChanged(job, edited, SCHEDULE)) return edited;
  const rescheduled = { ...edited, anchor: edited.startAt ?? now };
  // Checked even while the job is paused: a schedule that can't be met is refused when it is written.
  requireNextRun(rescheduled, now);
  return rescheduled;
}

function hasChanged(before: Job, after: Job, fields: readonly (keyof JobDefinition)[]): boolean {
  return fields.some((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
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
