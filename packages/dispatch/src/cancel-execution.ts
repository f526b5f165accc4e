import type { TaskWriter } from '@automation/queue';
import { cancelExecution as cancel, type Cancelled, type Transaction } from '@automation/store';

import { fillRoom } from './fill-room.ts';

/**
 * Cancels an execution that waits or is under way, and lets those go on that waited for it. Undefined if it is finished.
 * What its function is doing just then can't be undone: the request is aborted, and nothing of it is recorded.
 */
export async function cancelExecution(
  trx: Transaction,
  tasks: Pick<TaskWriter, 'enqueue'>,
  execution: { id: string; jobId: string; reason: string },
): Promise<Pick<Cancelled, 'formerStatus' | 'formerReason'> | undefined> {
  const cancelled = await cancel(trx, execution);
  if (cancelled === undefined) return undefined;
  const { jobId } = execution;
  await fillRoom(trx, tasks, { ...cancelled, jobId });
  return cancelled;
}
