import { runningAtOnce } from '@automation/domain';
import type { TaskWriter } from '@automation/queue';
import type { JobAfterwards, Transaction } from '@automation/store';

import { releaseWaiting } from './release-waiting.ts';

/** Lets as many of a job's waiting executions go on as there is room for beside those that run. The transaction holds its row. */
export async function fillRoom(
  trx: Transaction,
  tasks: Pick<TaskWriter, 'enqueue'>,
  job: Pick<JobAfterwards, 'waiting' | 'running' | 'overlapPolicy'> & { jobId: string },
): Promise<void> {
  if (job.waiting === 0) return;
  const count = runningAtOnce(job) - job.running;
  await tasks.enqueue('check', await releaseWaiting(trx, [{ jobId: job.jobId, count }]));
}
