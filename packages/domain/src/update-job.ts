import { parseSchedule } from '@automation/schedule';

import { conflict } from './app-error.ts';
import { nextRunOf } from './create-job.ts';
import type { Job, JobDefinition } from './job.ts';

export type JobPatch = Partial<JobDefinition> & { enabled?: boolean };

/**
 * The job with all of a patch applied (SPEC 1 and 5), or none of it.
 * Throws VALIDATION_ERROR for a wrong schedule, CONFLICT for enabling a job that stays completed.
 */
export function updateJob(job: Job, patch: JobPatch, now: Date): Job {
  const { enabled, ...definition } = patch;
  const rescheduled = isRescheduled(job, definition);
  const edited: Job = {
    ...job,
    ...definition,
    anchor: rescheduled ? now : job.anchor,
    version: job.version + 1,
    updatedAt: now,
  };
  // Checked even while the job is paused: a schedule that can't be met is refused when it is written.
  if (rescheduled) nextRunOf(edited, { after: now, anchor: now });
  if (enabled === true && !job.enabled) return enable(edited, now);
  if (enabled === false && job.enabled) return disable(edited);
  if (!edited.enabled) return edited;
  if (runsAreUsedUp(edited)) return complete(edited);
  return rescheduled
    ? { ...edited, nextRun: nextRunOf(edited, { after: now, anchor: edited.anchor }) }
    : edited;
}

function isRescheduled(job: Job, patch: Partial<JobDefinition>): boolean {
  return (
    (patch.schedule !== undefined && patch.schedule !== job.schedule) ||
    (patch.timezone !== undefined && patch.timezone !== job.timezone)
  );
}

/** Enabling counts from now: an occurrence that passed during the pause never fires (SPEC 1). */
function enable(job: Job, now: Date): Job {
  if (runsAreUsedUp(job)) {
    throw conflict(`job is completed: max_runs ${job.maxRuns} is reached (run_count ${job.runCount})`);
  }
  const next = parseSchedule(job.schedule, job.timezone).next(now, job.anchor);
  if (next === null) throw conflict(`job is completed: schedule "${job.schedule}" has no next run`);
  return {
    ...job,
    enabled: true,
    status: 'active',
    statusReason: null,
    consecutiveFailures: 0,
    nextRun: next,
  };
}

function disable(job: Job): Job {
  return { ...job, enabled: false, status: 'paused', statusReason: null, nextRun: null };
}

function complete(job: Job): Job {
  return {
    ...job,
    enabled: false,
    status: 'completed',
    statusReason: `max_runs ${job.maxRuns} reached`,
    nextRun: null,
  };
}

function runsAreUsedUp(job: Job): boolean {
  return job.maxRuns > 0 && job.runCount >= job.maxRuns;
}
