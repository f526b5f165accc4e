import { type Job, missedByChange } from '@automation/domain';
import { cancelWaiting, insertMissedRuns, jobs, type Transaction } from '@automation/store';

/**
 * Writes a changed job, and what the change means for the ledger: occurrences that came due before it and were not
 * claimed are missed, and what still waits of a job that was stopped is cancelled.
 */
export async function saveChange(
  trx: Transaction,
  { before, after }: { before: Job; after: Job },
  now: Date,
): Promise<void> {
  await jobs.update(trx, after);
  const missed = missedByChange(before, after, now);
  if (missed !== null) {
    await insertMissedRuns(trx, [{ ...missed, jobId: before.id, accountId: before.accountId }]);
  }
  if (before.enabled && !after.enabled) {
    await cancelWaiting(trx, [before.id], `the job was ${after.status} while this execution waited`);
  }
}
