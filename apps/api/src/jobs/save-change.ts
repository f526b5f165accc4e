import { type Job, type JobPatch, missedByChange, timetableChange } from '@automation/domain';
import { cancelWaiting, insertMissedRuns, jobs, timetables, type Transaction } from '@automation/store';

/**
 * Writes a changed job, and what the change means for the ledger: from when on which occurrences are expected, that those
 * which came due before it and were not claimed are missed, and that what still waits of a job that was stopped is
 * cancelled.
 */
export async function saveChange(
  trx: Transaction,
  { before, after, patch }: { before: Job; after: Job; patch: JobPatch },
  now: Date,
): Promise<void> {
  await jobs.update(trx, after);
  const changedAt = timetableChange(before, after, now);
  if (changedAt !== null) await timetables.change(trx, after, changedAt);
  const missed = missedByChange(before, after, now);
  if (missed !== null) {
    await insertMissedRuns(trx, [{ ...missed, jobId: before.id, accountId: before.accountId }]);
  }
  if (patch.enabled === false || (before.enabled && !after.enabled)) {
    await cancelWaiting(trx, [before.id], `the job was ${after.status} while this execution waited`);
  }
}
