import { runningAtOnce } from '@automation/domain';
import type { TaskQueue } from '@automation/queue';
import { cancelExecution as cancel, type Transaction } from '@automation/store';

import { releaseWaiting } from './release-waiting.ts';

/**
 * Cancels an execution that waits or is under way, and lets those go on that waited for it. False if it is finished.
 * What its function is doing just then can't be undone: the request is aborted, and nothing of it is recorded.
 */
export async function cancelExecution(
  trx: Transaction,
  queue: Pick<TaskQueue, 'enqueue'>,
  execution: { id: string; jobId: string; reason: string },
): Promise<boolean> {
  const left = await cancel(trx, execution);
  if (left === undefined) return false;
  const room = left.waiting > 0 ? runningAtOnce(left) - left.running : 0;
  await queue.enqueue(trx, 'check', await releaseWaiting(trx, [{ jobId: execution.jobId, count: room }]));
  return true;
}
