import {
  type ClaimPlan,
  type DueJob,
  type MissedRun,
  packTasks,
  planClaim,
  type PlannedExecution,
} from '@automation/domain';
import { newTask, type NewTask, type TaskQueue } from '@automation/queue';
import {
  type Advance,
  advanceJobs,
  type Database,
  insertExecutions,
  insertMissedRuns,
  lockDueJobs,
} from '@automation/store';

export interface ClaimOptions {
  /** Jobs at most, and about as many executions. */
  batchSize: number;
  /** Bound of each statement, in ms. */
  timeoutMs: number;
}

export interface Claim {
  /** The database's clock at the claim. */
  now: Date;
  /** Due jobs that were claimed; fewer than the batch size means that nothing more is due. */
  jobs: number;
  /** Executions that were written into the ledger. */
  executions: PlannedExecution[];
  missed: (MissedRun & { jobId: string })[];
  /** Jobs that the claim ended or paused. */
  ended: { jobId: string; status: string; reason: string | null }[];
}

type JobPlan = ClaimPlan & { jobId: string; accountId: string };

/**
 * Claims a batch of due jobs (SPEC 3.1): in one transaction their executions are written, the check tasks enqueued, and
 * the jobs moved on. Either all of it happens or none.
 */
export async function claimBatch(db: Database, queue: TaskQueue, options: ClaimOptions): Promise<Claim> {
  return db.transaction().execute(async (trx) => {
    const { now, jobs } = await lockDueJobs(trx, options.batchSize, options.timeoutMs);
    if (jobs.length === 0) return { now, jobs: 0, executions: [], missed: [], ended: [] };

    const plans = planAll(jobs, now, options.batchSize);
    const planned = plans.flatMap((plan) => plan.executions);
    const { tasks, taskOf } = assignTasks(planned.filter(({ state }) => state === 'ready'));

    const claimed = planned.map((execution) => ({ ...execution, taskId: taskOf.get(execution.id) ?? null }));
    const inserted = await insertExecutions(trx, claimed);
    const missed = plans.flatMap(toMissedRuns);
    await insertMissedRuns(trx, missed);
    await advanceJobs(
      trx,
      plans.map((plan) => advanceOf(plan, inserted)),
    );
    await queue.enqueue(trx, 'check', tasks);

    const ended = plans.filter(({ status }) => status !== 'active');
    return {
      now,
      jobs: jobs.length,
      executions: planned.filter(({ id }) => inserted.has(id)),
      missed,
      ended: ended.map(({ jobId, status, statusReason }) => ({ jobId, status, reason: statusReason })),
    };
  });
}

/** Every job gets one execution at least; those that catch up on more share what is left of the batch. */
function planAll(jobs: readonly DueJob[], now: Date, batchSize: number): JobPlan[] {
  let room = batchSize - jobs.length;
  return jobs.map((job) => {
    const plan = planClaim(job, now, 1 + room);
    room -= Math.max(0, plan.executions.length - 1);
    return { ...plan, jobId: job.id, accountId: job.accountId };
  });
}

function assignTasks(ready: readonly PlannedExecution[]): { tasks: NewTask[]; taskOf: Map<string, string> } {
  const tasks = packTasks(ready).map((batch) => newTask(batch.map((execution) => execution.id)));
  const taskOf = new Map(tasks.flatMap((task) => task.executionIds.map((id) => [id, task.id] as const)));
  return { tasks, taskOf };
}

function toMissedRuns({ jobId, accountId, missed }: JobPlan) {
  return missed === null ? [] : [{ ...missed, jobId, accountId }];
}

function advanceOf(plan: JobPlan, inserted: ReadonlySet<string>): Advance {
  const written = plan.executions.filter(({ id }) => inserted.has(id));
  const skipped = written.filter(({ state }) => state === 'skipped').length;
  return {
    id: plan.jobId,
    nextRun: plan.next?.dueAt ?? null,
    nextOccurrence: plan.next?.scheduledFor ?? null,
    status: plan.status,
    statusReason: plan.statusReason,
    started: written.length - skipped,
    waiting: written.filter(({ state }) => state === 'waiting').length,
    skipped,
  };
}
