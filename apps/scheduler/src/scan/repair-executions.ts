import { releaseWaiting } from '@automation/dispatch';
import { packTasks, type Phase, PHASES, runningAtOnce } from '@automation/domain';
import { newTask, type TaskQueue, type TaskWriter, withOnly } from '@automation/queue';
import {
  jobs,
  jobsWaitingForNobody,
  type OpenExecution,
  replaceTasks,
  tasksInUse,
  type Transaction,
} from '@automation/store';

import type { Finding } from './finding.ts';

/**
 * Gives open executions whose task is gone a new one: whoever removed it, the execution is still to be run. Those that
 * have gone on since they were looked at are none of them.
 */
export async function repairLostTasks(
  trx: Transaction,
  { queue, writer }: { queue: TaskQueue; writer: TaskWriter },
  open: readonly OpenExecution[],
): Promise<Finding> {
  const finding: Finding = { kind: 'execution_without_task', found: 0, repaired: 0 };
  for (const phase of PHASES) {
    const ofPhase = open.filter((execution) => execution.phase === phase);
    const taskIds = new Set(ofPhase.flatMap(({ taskId }) => taskId ?? []));
    const live = await queue.findLive(trx, phase, [...taskIds]);
    const lost = ofPhase.filter(({ taskId }) => taskId === null || !live.has(taskId));
    const replaced = await giveNewTasks(trx, writer, { phase, lost });
    finding.found += replaced;
    finding.repaired += replaced;
  }
  return finding;
}

async function giveNewTasks(
  trx: Transaction,
  writer: TaskWriter,
  { phase, lost }: { phase: Phase; lost: readonly OpenExecution[] },
): Promise<number> {
  const packed = packTasks(lost).map((group) => ({ group, task: newTask(group) }));
  const replacements = packed.flatMap(({ group, task }) =>
    group.map(({ id, taskId }) => ({ id, lostTaskId: taskId, taskId: task.id })),
  );
  const replaced = await replaceTasks(trx, replacements);
  const tasks = packed.map(({ task }) => task);
  await writer.enqueue(phase, withOnly(tasks, replaced));
  return replaced.size;
}

/** Lets executions go on that wait while nothing runs that would release them. */
export async function releaseForgotten(
  trx: Transaction,
  writer: TaskWriter,
  limit: number,
): Promise<Finding> {
  const forgotten = await jobsWaitingForNobody(trx, limit);
  let repaired = 0;
  for (const { id } of forgotten) {
    // Under the job's lock the picture may be another one.
    const job = await jobs.findForUpdate(trx, id);
    if (job === undefined || job.waiting === 0 || job.waiting !== job.inFlight) continue;
    await writer.enqueue('check', await releaseWaiting(trx, [{ jobId: id, count: runningAtOnce(job) }]));
    repaired += 1;
  }
  return { kind: 'waiting_for_nobody', found: forgotten.length, repaired };
}

/** Removes tasks that lie in the queue though none of the executions that they name is theirs any more. */
export async function removeIdleTasks(trx: Transaction, queue: TaskQueue, limit: number): Promise<Finding> {
  const finding: Finding = { kind: 'task_without_execution', found: 0, repaired: 0 };
  for (const phase of PHASES) {
    const idle = await queue.findIdle(trx, phase, { seconds: 60, limit });
    const inUse = await tasksInUse(trx, idle);
    const useless = idle.map(({ id }) => id).filter((id) => !inUse.has(id));
    const removed = await queue.remove(trx, phase, useless);
    finding.found += removed;
    finding.repaired += removed;
  }
  return finding;
}
