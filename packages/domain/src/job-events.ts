import type { EventType, NewEvent } from './event.ts';
import type { Job } from './job.ts';

/**
 * What is told of a change that a user made: the change itself, and then what it made of the job's status (SPEC 1, 5).
 * @param changed the names of the fields that it changed
 */
export function eventsOfChange(before: Job, after: Job, changed: readonly string[]): NewEvent[] {
  const { status, enabled, statusReason: reason, version } = after;
  const state = { status, enabled, reason, version };
  const event = (type: EventType, data: NewEvent['data']): NewEvent => ({
    accountId: after.accountId,
    jobId: after.id,
    executionId: null,
    type,
    data,
  });
  const updated = event('job.updated', { ...state, changed: [...changed] });
  const turn = turnOf(before, after);
  return turn === null ? [updated] : [updated, event(turn, state)];
}

/** What is told of a job that the service itself has paused or completed. */
export function stoppedJobEvent(job: {
  jobId: string;
  accountId: string;
  status: 'paused' | 'completed';
  reason: string | null;
}): NewEvent {
  const { jobId, accountId, status, reason } = job;
  const data = { status, enabled: false, reason };
  return { accountId, jobId, executionId: null, type: `job.${status}`, data };
}

/** A completed job that an edit makes a paused one again was not running before, either. */
function turnOf(before: Job, after: Job): EventType | null {
  if (after.status === before.status) return null;
  if (after.status === 'completed') return 'job.completed';
  if (after.enabled) return 'job.enabled';
  return before.enabled ? 'job.disabled' : null;
}
