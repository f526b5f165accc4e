import {
  type ClaimPlan,
  type DueJob,
  endOfActivity,
  justBefore,
  type MissedRun,
  packTasks,
  planClaim,
  type PlannedExecution,
  stoppedJobEntry,
} from '@automation/domain';
import { newTask, type NewTask, type TaskQueue, withOnly } from '@automation/queue';
import {
  type Advance,
  advanceJobs,
  auditLog,
  cancelWaiting,
  type Database,
  insertExecutions,
  insertMissedRuns,
  lockDueJobs,
  type StoppedJob,
  timetables,
  writeEvents,
} from '@automation/store';

import { eventsOfClaim } from './claim-events.ts';
import { releaseStalled } from './release-stalled.ts';

export interface ClaimOptions {
  /** Jobs and executions at most, but for one execution of each job. */
  batchSize: number;
  /** Bound of each statement, in ms. */
  timeoutMs: number;
}

export interface Claim {
  /** The database's clock at the claim. */
  now: Date;
  /** Due jobs that were claimed; fewer than asked for means that nothing more is due. */
  jobs: number;
  /** Executions that were written into the ledger. */
  executions: PlannedExecution[];
  missed: (MissedRun & { jobId: string; accountId: string })[];
  /** Jobs that the claim ended or paused. */
  ended: EndedJob[];
}

interface EndedJob {
  jobId: string;
  accountId: string;
  functionId: string;
  status: 'paused' | 'completed';
  reason: string | null;
}

type JobPlan = ClaimPlan & { job: DueJob };

/**
 * Claims a batch of due jobs (SPEC 3.1): in one transaction their executions are written, the check tasks enqueued, and
 * the jobs moved on. Either all of it happens or none.
 */
export async function claimBatch(
  db: Database,
  queue: Pick<TaskQueue, 'transaction'>,
  {
    batchSize,
    timeoutMs,
    jobs: limit = batchSize,
    from = null,
  }: ClaimOptions & { jobs?: number; from?: Date | null },
): Promise<Claim> {
  return queue.transaction(db, async (trx, writer) => {
    const { now, jobs } = await lockDueJobs(trx, { limit, from, timeoutMs });
    if (jobs.length === 0) return { now, jobs: 0, executions: [], missed: [], ended: [] };

    const plans = planAll(jobs, now, batchSize);
    const planned = plans.flatMap((plan) => plan.executions);
    const { tasks, taskOf } = assignTasks(planned.filter(({ state }) => state === 'ready'));

    const claimed = planned.map((execution) => ({ ...execution, taskId: taskOf.get(execution.id) ?? null }));
    const inserted = await insertExecutions(trx, claimed);
    const missed = plans.flatMap(toMissedRuns);
    await insertMissedRuns(trx, missed);
    const written = plans.map((plan) => ({
      ...plan,
      written: plan.executions.filter(({ id }) => inserted.has(id)),
    }));
    await advanceJobs(trx, written.map(advanceOf));
    const paused = plans.filter(({ status }) => status === 'paused').map(({ job }) => job.id);
    await cancelWaiting(trx, paused, 'the job was paused while this execution waited');
    await timetables.close(trx, stoppedJobs(plans, now));
    const ended = endedJobs(plans);
    await auditLog.record(
      trx,
      ended.map((job) => stoppedJobEntry({ ...job, wasEnabled: true }, now)),
    );
    const executions = written.flatMap((plan) => plan.written);
    await writeEvents(trx, eventsOfClaim(executions, ended));
    const released = await releaseStalled(trx, written);
    await writer.enqueue('check', [...withOnly(tasks, inserted), ...released]);

    return {
      now,
      jobs: jobs.length,
      executions,
      missed,
      ended,
    };
  });
}

/** Every job gets one execution at least; those that catch up on more share what is left of the batch. */
function planAll(jobs: readonly DueJob[], now: Date, batchSize: number): JobPlan[] {
  let room = batchSize - jobs.length;
  return jobs.map((job) => {
    const plan = planClaim(job, now, 1 + room);
    room -= Math.max(0, plan.executions.length - 1);
    return { ...plan, job };
  });
}

function assignTasks(ready: readonly PlannedExecution[]): { tasks: NewTask[]; taskOf: Map<string, string> } {
  const tasks = packTasks(ready).map((batch) => newTask(batch));
  const taskOf = new Map(tasks.flatMap((task) => task.executionIds.map((id) => [id, task.id] as const)));
  return { tasks, taskOf };
}

/** A schedule that can no longer be read has no occurrence from the next one on, which it could not even claim. */
function stoppedJobs(plans: readonly JobPlan[], now: Date): StoppedJob[] {
  return plans
    .filter(({ status }) => status !== 'active')
    .map(({ job, status }) => ({
      jobId: job.id,
      until: status === 'paused' ? justBefore(job.nextOccurrence) : endOfActivity(job.nextOccurrence, now),
    }));
}

function endedJobs(plans: readonly JobPlan[]): EndedJob[] {
  return plans.flatMap(({ job, status, statusReason: reason }) => {
    const { id: jobId, accountId, functionId } = job;
    return status === 'active' ? [] : [{ jobId, accountId, functionId, status, reason }];
  });
}

function toMissedRuns({ job, missed }: JobPlan) {
  return missed === null ? [] : [{ ...missed, jobId: job.id, accountId: job.accountId }];
}

function advanceOf({
  job,
  next,
  status,
  statusReason,
  written,
}: JobPlan & { written: PlannedExecution[] }): Advance {
  const count = (state: PlannedExecution['state']) => written.filter((each) => each.state === state).length;
  return {
    id: job.id,
    nextRun: next?.dueAt ?? null,
    nextOccurrence: next?.scheduledFor ?? null,
    status,
    statusReason,
    started: count('ready') + count('waiting'),
    waiting: count('waiting'),
    skipped: count('skipped'),
  };
}
