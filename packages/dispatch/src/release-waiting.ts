import { packTasks } from '@automation/domain';
import { newTask, type NewTask } from '@automation/queue';
import { assignTasks, releaseWaiting as takeWaiting, type Transaction } from '@automation/store';

/** So many of a job's waiting executions may go on. */
export interface Release {
  jobId: string;
  count: number;
}

/**
 * Lets the oldest waiting executions of jobs go on. Answers their check tasks, which the caller enqueues in the same
 * transaction; it holds the jobs' rows.
 */
export async function releaseWaiting(trx: Transaction, releases: readonly Release[]): Promise<NewTask[]> {
  const released = await takeWaiting(
    trx,
    releases.filter(({ count }) => count > 0),
  );
  const tasks = packTasks(released).map((group) => newTask(group));
  await assignTasks(
    trx,
    tasks.flatMap((task) => task.executionIds.map((id) => ({ id, taskId: task.id }))),
  );
  return tasks;
}
