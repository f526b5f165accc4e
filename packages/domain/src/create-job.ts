import { nextRun, parseSchedule, ScheduleError } from '@automation/schedule';

import { validationError } from './app-error.ts';
import { newId } from './id.ts';
import type { Job, JobDefinition } from './job.ts';

export type NewJob = JobDefinition & { accountId: string; enabled: boolean };

/**
 * A new job as it is stored (SPEC 1), its first occurrence later than `now`.
 * Throws VALIDATION_ERROR where the schedule or its time zone is wrong.
 */
export function createJob(input: NewJob, now: Date): Job {
  const firstRun = nextRunOf(input, { after: now, anchor: now });
  return {
    ...input,
    id: newId(now),
    status: input.enabled ? 'active' : 'paused',
    overlapPolicy: 'skip',
    catchUpPolicy: 'latest',
    catchUpWindowSeconds: 86_400,
    jitterSeconds: 0,
    startAt: null,
    endAt: null,
    runCount: 0,
    checkCount: 0,
    consecutiveFailures: 0,
    inFlight: 0,
    lastRun: null,
    nextRun: input.enabled ? firstRun : null,
    anchor: now,
    statusReason: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/** When a schedule is next due; a schedule that is wrong or never due is the user's VALIDATION_ERROR. */
export function nextRunOf(
  definition: Pick<JobDefinition, 'schedule' | 'timezone'>,
  from: { after: Date; anchor: Date },
): Date {
  try {
    return nextRun(parseSchedule(definition.schedule, definition.timezone), from.after, from.anchor);
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    const field = error.message.startsWith('timezone ') ? 'timezone' : 'schedule';
    throw validationError(error.message, [{ field, message: error.message }]);
  }
}
