import { ScheduleError } from '@automation/schedule';

import { admit, admitCatchUp, type Admission, type Occupancy } from './admit.ts';
import { catchUp, type CatchUp, type MissedRun, type OverdueJob } from './catch-up.ts';
import type { Trigger } from './execution.ts';
import { occurrenceId } from './id.ts';
import type { Job, JobStatus } from './job.ts';
import { nextOccurrence, type Occurrence, reasonForEnd } from './timetable.ts';

/** The job's state that a claim reads; the row is locked. */
export type DueJob = OverdueJob & Occupancy & Pick<Job, 'accountId' | 'functionId'>;

export type PlannedExecution = Occurrence &
  Admission & {
    id: string;
    jobId: string;
    accountId: string;
    functionId: string;
    trigger: Trigger;
  };

export interface ClaimPlan {
  /** Oldest first. */
  executions: PlannedExecution[];
  missed: MissedRun | null;
  /** Where the job goes on; null if it doesn't. */
  next: Occurrence | null;
  status: JobStatus;
  /** Why the service itself ended or paused the job. */
  statusReason: string | null;
}

/**
 * What claiming a due job does (SPEC 3.1, 3.3, 3.4): the executions of its occurrences up to `now`, what was missed, and
 * where the job goes on. A schedule that can no longer be read (its time zone was abolished, say) pauses the job, so that
 * it doesn't hold up the others.
 * @param limit executions at most; the job stays due if more occurrences are to be caught up
 */
export function planClaim(job: DueJob, now: Date, limit: number): ClaimPlan {
  try {
    const due = catchUp(job, now, limit);
    const next = nextOccurrence(job, due.upTo);
    const executions = planExecutions(job, due);
    if (next !== null) return { executions, missed: due.missed, next, status: 'active', statusReason: null };
    return { executions, missed: due.missed, next, status: 'completed', statusReason: reasonForEnd(job) };
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    return { executions: [], missed: null, next: null, status: 'paused', statusReason: error.message };
  }
}

function planExecutions(job: DueJob, { run }: CatchUp): PlannedExecution[] {
  const catchesUpAll = job.catchUpPolicy === 'all' && run.some(({ trigger }) => trigger === 'catch_up');
  const decide = catchesUpAll ? admitCatchUp : admit;
  const occupancy = { ...job };
  return run.map((occurrence) => {
    const admission = decide(occupancy);
    if (admission.state !== 'skipped') occupancy.inFlight += 1;
    if (admission.state === 'waiting') occupancy.waiting += 1;
    return {
      ...occurrence,
      ...admission,
      id: occurrenceId(job.id, occurrence.scheduledFor),
      jobId: job.id,
      accountId: job.accountId,
      functionId: job.functionId,
    };
  });
}
