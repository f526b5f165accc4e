import { type ClaimPlan, packTasks, planClaim, type PlannedExecution } from '@automation/domain';
import { newTask, type NewTask, type TaskQueue } from '@automation/queue';
import { type Advance, advanceJobs, type Database, insertExecutions, lockDueJobs } from '@automation/store';

export interface ClaimOptions {
  /** Jobs at most. */
  batchSize: number;
  /** Bound of each statement, in ms. */
  timeoutMs: number;
}

export interface Claim {
  /** The database's clock at the claim. */
  now: Date;
  /** Due jobs that were claimed; fewer than the batch size means that nothing more is due. */
  jobs: number;
  started: PlannedExecution[];
  skipped: PlannedExecution[];
  /** Jobs that the claim ended or paused. */
  ended: { jobId: string; status: string; reason: string | null }[];
}

/**
 * Claims a batch of due jobs (SPEC 3.1): in one transaction their executions are written, the check tasks enqueued, and
 * the jobs moved on. Either all of it happens or none.
 */
export async function claimBatch(db: Database, queue: TaskQueue, options: ClaimOptions): Promise<Claim> {
  return db.transaction().execute(async (trx) => {
    const { now, jobs } = await lockDueJobs(trx, options.batchSize, options.timeoutMs);
    if (jobs.length === 0) return { now, jobs: 0, started: [], skipped: [], ended: [] };

    const plans = jobs.map((job) => ({ jobId: job.id, ...planClaim(job, now) }));
    const planned = plans.flatMap((plan) => plan.execution ?? []);
    const { tasks, taskOf } = assignTasks(planned.filter((execution) => execution.status === 'pending'));

    const claimed = planned.map((execution) => ({ ...execution, taskId: taskOf.get(execution.id) ?? null }));
    const inserted = await insertExecutions(trx, claimed);
    await advanceJobs(
      trx,
      plans.map((plan) => advanceOf(plan, inserted)),
    );
    await queue.enqueue(trx, 'check', tasks);

    const recorded = planned.filter((execution) => inserted.has(execution.id));
    return {
      now,
      jobs: jobs.length,
      started: recorded.filter((execution) => execution.status === 'pending'),
      skipped: recorded.filter((execution) => execution.status === 'skipped'),
      ended: plans
        .filter((plan) => plan.status !== 'active')
        .map((plan) => ({ jobId: plan.jobId, status: plan.status, reason: plan.statusReason })),
    };
  });
}

function assignTasks(pending: readonly PlannedExecution[]): {
  tasks: NewTask[];
  taskOf: Map<string, string>;
} {
  const tasks = packTasks(pending).map((batch) => newTask(batch.map((execution) => execution.id)));
  const taskOf = new Map(tasks.flatMap((task) => task.executionIds.map((id) => [id, task.id] as const)));
  return { tasks, taskOf };
}

function advanceOf(plan: ClaimPlan & { jobId: string }, inserted: ReadonlySet<string>): Advance {
  const { execution } = plan;
  const isNew = execution !== null && inserted.has(execution.id);
  return {
    id: plan.jobId,
    nextRun: plan.nextRun,
    status: plan.status,
    statusReason: plan.statusReason,
    started: isNew && execution.status === 'pending' ? 1 : 0,
    skipped: isNew && execution.status === 'skipped' ? 1 : 0,
  };
}
