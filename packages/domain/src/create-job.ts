import { newId } from './id.ts';
import type { Job, JobDefinition } from './job.ts';
import { nextOccurrence, requireOccurrence } from './timetable.ts';

export type NewJob = JobDefinition & { accountId: string; enabled: boolean };

/**
 * A new job as it is stored (SPEC 1), its first occurrence later than `now`.
 * Throws VALIDATION_ERROR where the schedule, its time zone or `end_at` leaves no occurrence.
 */
export function createJob(input: NewJob, now: Date): Job {
  const job: Job = {
    ...input,
    id: newId(now),
    status: input.enabled ? 'active' : 'paused',
    runCount: 0,
    checkCount: 0,
    consecutiveFailures: 0,
    inFlight: 0,
    waiting: 0,
    lastRun: null,
    nextRun: null,
    nextOccurrence: null,
    anchor: input.startAt ?? now,
    statusReason: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  requireOccurrence(job, now);
  return input.enabled ? goOnFrom(job, now) : job;
}

/** The job with its next occurrence later than `now`; nothing ahead of it if there is none. */
export function goOnFrom(job: Job, now: Date): Job {
  const next = nextOccurrence(job, now);
  return { ...job, nextRun: next?.dueAt ?? null, nextOccurrence: next?.scheduledFor ?? null };
}
