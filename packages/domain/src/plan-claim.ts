import { parseSchedule, ScheduleError } from '@automation/schedule';

import type { Trigger } from './execution.ts';
import { newId } from './id.ts';
import { hasRunsLeft, type Job, type JobStatus } from './job.ts';

/** The job's state that a claim reads; the row is locked. */
export type DueJob = Pick<
  Job,
  | 'id'
  | 'accountId'
  | 'functionId'
  | 'schedule'
  | 'timezone'
  | 'anchor'
  | 'overlapPolicy'
  | 'maxRuns'
  | 'runCount'
  | 'inFlight'
> & { nextRun: Date };

export interface PlannedExecution {
  id: string;
  jobId: string;
  accountId: string;
  functionId: string;
  trigger: Trigger;
  scheduledFor: Date;
  status: 'pending' | 'skipped';
  reason: string | null;
}

export interface ClaimPlan {
  /** Null if the job can't be run at all. */
  execution: PlannedExecution | null;
  nextRun: Date | null;
  status: JobStatus;
  /** Why the service itself ended or paused the job. */
  statusReason: string | null;
}

/**
 * What claiming a due job does (SPEC 3.1, 3.3, 3.4): the execution of its occurrence, or the reason why there is none,
 * and where the job goes on. Occurrences up to `now` count as one, and the next is later than `now`. A schedule that
 * can no longer be read (its time zone was abolished, say) pauses the job, so that it doesn't hold up the others.
 */
export function planClaim(job: DueJob, now: Date): ClaimPlan {
  try {
    return planOccurrence(job, now);
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    return { execution: null, nextRun: null, status: 'paused', statusReason: error.message };
  }
}

function planOccurrence(job: DueJob, now: Date): ClaimPlan {
  const schedule = parseSchedule(job.schedule, job.timezone);
  const following = schedule.next(job.nextRun, job.anchor);
  const missedMore = following !== null && following <= now;
  const nextRun = missedMore ? schedule.next(now, job.anchor) : following;
  const reason = reasonToSkip(job);
  return {
    execution: {
      id: newId(job.nextRun),
      jobId: job.id,
      accountId: job.accountId,
      functionId: job.functionId,
      trigger: missedMore ? 'catch_up' : 'schedule',
      scheduledFor: job.nextRun,
      status: reason === null ? 'pending' : 'skipped',
      reason,
    },
    nextRun,
    status: nextRun === null ? 'completed' : 'active',
    statusReason: nextRun === null ? 'the schedule has no further run' : null,
  };
}

function reasonToSkip(job: DueJob): string | null {
  if (job.inFlight > 0 && job.overlapPolicy === 'skip')
    return 'overlap: the previous execution has not finished';
  if (!hasRunsLeft(job)) return `max_runs: executions in flight may use up the ${job.maxRuns} runs`;
  return null;
}
