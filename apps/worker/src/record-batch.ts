import { packTasks, type Phase, PHASES, runningAtOnce, type Settlement } from '@automation/domain';
import { type HeldTask, newTask, type NewTask, type TaskQueue } from '@automation/queue';
import {
  assignTasks,
  cancelWaiting,
  type Database,
  type LeasedExecution,
  type Outcome,
  type Recorded,
  recordOutcomes,
  releaseWaiting,
  type Transaction,
} from '@automation/store';

/** What became of a leased execution. */
export interface Settled {
  execution: LeasedExecution;
  settlement: Settlement;
}

/** A task that a worker holds, in its phase's queue. */
export type PhaseTask = HeldTask & { phase: Phase };

/**
 * Records what attempts came to, enqueues what follows from it (performs and retries), and completes the tasks that are
 * through, in one transaction (SPEC 3.7, 3.8). Answers what was recorded: outcomes under a lease that has passed to
 * another worker change nothing.
 */
export async function recordBatch(
  db: Database,
  queue: TaskQueue,
  batch: { settled: readonly Settled[]; completed: readonly PhaseTask[] },
): Promise<Recorded[]> {
  const followUps = planFollowUps(batch.settled);
  const outcomes = batch.settled.map((settled) => outcomeOf(settled, followUps.taskOf));
  return db.transaction().execute(async (trx) => {
    const recorded = await recordOutcomes(trx, outcomes);
    const released = await letWaitingGoOn(trx, recorded);
    for (const phase of PHASES) {
      const tasks = followUps.tasks[phase];
      await queue.enqueue(trx, phase, phase === 'check' ? [...tasks, ...released] : tasks);
      await queue.complete(
        trx,
        phase,
        batch.completed.filter((task) => task.phase === phase),
      );
    }
    return recorded;
  });
}

/** Executions that waited for those that are finished now get their tasks, or are cancelled if their job was stopped. */
async function letWaitingGoOn(trx: Transaction, recorded: readonly Recorded[]): Promise<NewTask[]> {
  const jobs = [...new Map(recorded.map((row) => [row.jobId, row])).values()].filter(
    ({ waiting }) => waiting > 0,
  );
  if (jobs.length === 0) return [];
  const stopped = jobs.filter(({ jobStatus }) => jobStatus !== null).map(({ jobId }) => jobId);
  await cancelWaiting(trx, stopped, 'the job was stopped while this execution waited');
  const releases = jobs
    .filter(({ jobStatus }) => jobStatus === null)
    .map((job) => ({ jobId: job.jobId, count: runningAtOnce(job) - job.running }))
    .filter(({ count }) => count > 0);
  const tasks = packTasks(await releaseWaiting(trx, releases)).map((group) =>
    newTask(group.map(({ id }) => id)),
  );
  await assignTasks(
    trx,
    tasks.flatMap((task) => task.executionIds.map((id) => ({ id, taskId: task.id }))),
  );
  return tasks;
}

interface FollowUps {
  tasks: Record<Phase, NewTask[]>;
  /** By execution id. */
  taskOf: Map<string, string>;
}

/** Hand-offs share tasks, as a claim's checks do; a retry has a time of its own and so a task of its own. */
function planFollowUps(settled: readonly Settled[]): FollowUps {
  const tasks: Record<Phase, NewTask[]> = { check: [], perform: [] };
  const atOnce = settled.filter(({ settlement }) => settlement.next?.delayMs === 0);
  for (const group of packTasks(atOnce.map(({ execution }) => execution))) {
    tasks.perform.push(newTask(group.map((execution) => execution.id)));
  }
  for (const { execution, settlement } of settled) {
    if (settlement.next === null || settlement.next.delayMs === 0) continue;
    tasks[settlement.next.phase].push(newTask([execution.id], settlement.next.delayMs));
  }
  const all = [...tasks.check, ...tasks.perform];
  return {
    tasks,
    taskOf: new Map(all.flatMap((task) => task.executionIds.map((id) => [id, task.id] as const))),
  };
}

function outcomeOf({ execution, settlement }: Settled, taskOf: ReadonlyMap<string, string>): Outcome {
  return {
    executionId: execution.id,
    taskId: execution.taskId,
    taskAttempt: execution.taskAttempt,
    settlement,
    nextTaskId: taskOf.get(execution.id) ?? null,
  };
}
