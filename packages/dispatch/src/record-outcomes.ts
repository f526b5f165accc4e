import {
  endOfActivity,
  missedByChange,
  packByAccount,
  packTasks,
  type Phase,
  PHASES,
  runningAtOnce,
  type Settlement,
  stoppedJobEntry,
  stoppedJobEvent,
} from '@automation/domain';
import { type HeldTask, newTask, type NewTask, type TaskQueue, withOnly } from '@automation/queue';
import {
  auditLog,
  cancelWaiting,
  type Database,
  insertMissedRuns,
  type JobAfterwards,
  jobs,
  type LeasedExecution,
  type Outcome,
  type Recorded,
  recordOutcomes as writeOutcomes,
  timetables,
  type Transaction,
  writeEvents,
} from '@automation/store';

import { releaseWaiting } from './release-waiting.ts';

/** An execution and the lease under which something came of it. */
export type HeldExecution = Pick<LeasedExecution, 'id' | 'jobId' | 'accountId' | 'taskId'> & {
  taskAttempt: number | null;
};

/** What became of an execution. */
export interface Settled {
  execution: HeldExecution;
  settlement: Settlement;
}

/** A task that a worker holds, in its phase's queue. */
export type PhaseTask = HeldTask & { phase: Phase };

/**
 * Records what attempts came to, enqueues what follows from it (performs and retries), and completes the tasks that are
 * through, in one transaction (SPEC 3.7, 3.8). Answers what was recorded: outcomes under a lease that has passed to
 * another worker change nothing.
 */
export async function recordOutcomes(
  db: Database,
  queue: Pick<TaskQueue, 'transaction'>,
  batch: { settled: readonly Settled[]; completed: readonly PhaseTask[] },
): Promise<Recorded[]> {
  const followUps = planFollowUps(batch.settled);
  const outcomes = batch.settled.map((settled) => outcomeOf(settled, followUps.taskOf));
  return queue.transaction(db, async (trx, writer) => {
    const recorded = await writeOutcomes(trx, outcomes);
    const recordedIds = new Set(recorded.map(({ executionId }) => executionId));
    const changed = changedJobs(recorded);
    await accountForUnclaimed(trx, changed);
    await tellOfStopped(trx, changed, batch.settled);
    const released = await letWaitingGoOn(trx, changed);
    for (const phase of PHASES) {
      const tasks = withOnly(followUps.tasks[phase], recordedIds);
      await writer.enqueue(phase, phase === 'check' ? [...tasks, ...released] : tasks);
      await writer.complete(
        phase,
        batch.completed.filter((task) => task.phase === phase),
      );
    }
    return recorded;
  });
}

type ChangedJob = JobAfterwards & { jobId: string };

function changedJobs(recorded: readonly Recorded[]): ChangedJob[] {
  const byId = new Map<string, ChangedJob>();
  for (const { jobId, job } of recorded) if (job !== null) byId.set(jobId, { jobId, ...job });
  return [...byId.values()];
}

/** A job that was stopped is claimed no more: its occurrences that have come by then are missed (SPEC 3, the ledger). */
async function accountForUnclaimed(trx: Transaction, changed: readonly ChangedJob[]): Promise<void> {
  const stopped = changed.filter(({ unclaimedFrom }) => unclaimedFrom !== null);
  if (stopped.length === 0) return;
  await timetables.close(
    trx,
    stopped.map(({ jobId, unclaimedFrom, recordedAt }) => ({
      jobId,
      until: endOfActivity(unclaimedFrom, recordedAt),
    })),
  );
  const found = await jobs.findAll(
    trx,
    stopped.map(({ jobId }) => jobId),
  );
  const jobOf = new Map(found.map((job) => [job.id, job]));
  const missed = stopped.flatMap(({ jobId, unclaimedFrom, recordedAt }) => {
    const job = jobOf.get(jobId);
    if (job === undefined) return [];
    const run = missedByChange({ ...job, nextOccurrence: unclaimedFrom }, job, recordedAt);
    return run === null ? [] : [{ ...run, jobId, accountId: job.accountId }];
  });
  await insertMissedRuns(trx, missed);
}

/** That the service itself has paused or completed a job is told in the audit log, and by an event. */
async function tellOfStopped(
  trx: Transaction,
  changed: readonly ChangedJob[],
  settled: readonly Settled[],
): Promise<void> {
  if (changed.every(({ status }) => status === null)) return;
  const accountOf = new Map(settled.map(({ execution }) => [execution.jobId, execution.accountId]));
  const stopped = changed.flatMap(({ jobId, status, statusReason: reason, unclaimedFrom, recordedAt }) => {
    const accountId = accountOf.get(jobId);
    if (status === null || accountId === undefined) return [];
    return [{ jobId, accountId, wasEnabled: unclaimedFrom !== null, status, reason, recordedAt }];
  });
  await auditLog.record(
    trx,
    stopped.map((job) => stoppedJobEntry(job, job.recordedAt)),
  );
  await writeEvents(trx, stopped.map(stoppedJobEvent));
}

/** Executions that waited for those that are finished now get their tasks, or are cancelled if they have no point any more. */
async function letWaitingGoOn(trx: Transaction, changed: readonly ChangedJob[]): Promise<NewTask[]> {
  const waiting = changed.filter((job) => job.waiting > 0);
  if (waiting.length === 0) return [];
  const ended = waiting.filter(({ endsWaiting }) => endsWaiting).map(({ jobId }) => jobId);
  await cancelWaiting(trx, ended, 'the job was stopped while this execution waited');
  const releases = waiting
    .filter(({ endsWaiting }) => !endsWaiting)
    .map((job) => ({ jobId: job.jobId, count: runningAtOnce(job) - job.running }));
  return releaseWaiting(trx, releases);
}

interface FollowUps {
  tasks: Record<Phase, NewTask[]>;
  /** By execution id. */
  taskOf: Map<string, string>;
}

/** Hand-offs share tasks, as a claim's checks do. What is to be tried again at the same time does so by account. */
function planFollowUps(settled: readonly Settled[]): FollowUps {
  const tasks: Record<Phase, NewTask[]> = { check: [], perform: [] };
  for (const phase of PHASES) {
    const going = settled.filter(({ settlement }) => settlement.next?.phase === phase);
    const [again, handedOff] = [
      going.filter(({ settlement }) => settlement.phase === phase),
      going.filter(({ settlement }) => settlement.phase !== phase),
    ];
    for (const [delayMs, group] of Map.groupBy(again, ({ settlement }) => settlement.next?.delayMs ?? 0)) {
      const packed = packByAccount(group.map(({ execution }) => execution));
      tasks[phase].push(...packed.map((executions) => newTask(executions, delayMs)));
    }
    tasks[phase].push(...packTasks(handedOff.map(({ execution }) => execution)).map((each) => newTask(each)));
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
    jobId: execution.jobId,
    taskId: execution.taskId,
    taskAttempt: execution.taskAttempt,
    settlement,
    nextTaskId: taskOf.get(execution.id) ?? null,
  };
}
