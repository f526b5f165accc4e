import { releaseWaiting } from '@automation/dispatch';
import { type DueJob, type PlannedExecution, runningAtOnce } from '@automation/domain';
import type { NewTask } from '@automation/queue';
import type { Transaction } from '@automation/store';

/** A job before its claim, and those of the claim's executions that were written. */
export interface ClaimedJob {
  job: DueJob;
  written: readonly PlannedExecution[];
}

/**
 * Executions may have been planned to wait for one that the ledger had already (the job was resumed while the clock was
 * behind, say). Nothing that runs would ever let them go on, so they go on at once. Answers their tasks.
 */
export async function releaseStalled(trx: Transaction, claimed: readonly ClaimedJob[]): Promise<NewTask[]> {
  const stalled = claimed.filter(isStalled);
  return releaseWaiting(
    trx,
    stalled.map(({ job }) => ({ jobId: job.id, count: runningAtOnce(job) })),
  );
}

function isStalled({ job, written }: ClaimedJob): boolean {
  const runs = job.inFlight > job.waiting || written.some(({ state }) => state === 'ready');
  return !runs && written.some(({ state }) => state === 'waiting');
}
