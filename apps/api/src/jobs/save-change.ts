import { fillRoom } from '@automation/dispatch';
import { eventsOfChange, missedByChange, timetableChange } from '@automation/domain';
import type { TaskWriter } from '@automation/queue';
import {
  auditLog,
  cancelWaiting,
  insertMissedRuns,
  jobs,
  timetables,
  type Transaction,
  writeEvents,
} from '@automation/store';

import type { Caller } from '../http/route.ts';
import { changedJobEntry, type ChangedJob } from './job-audit-entries.ts';

/**
 * Writes a changed job with its entry in the audit log and its events, and what the change means for the ledger: from when on which
 * occurrences are expected, that those which came due before it and were not claimed are missed, and that what still
 * waits goes on if it may run by now, or is cancelled if the job was stopped.
 */
export async function saveChange(
  trx: Transaction,
  { tasks, caller }: { tasks: TaskWriter; caller: Caller },
  change: ChangedJob,
  now: Date,
): Promise<void> {
  const { before, after, patch } = change;
  await jobs.update(trx, after);
  const entry = changedJobEntry(caller, change, now);
  await auditLog.record(trx, [entry]);
  await writeEvents(trx, eventsOfChange(before, after, Object.keys(entry.after ?? {})));
  const changedAt = timetableChange(before, after, now);
  if (changedAt !== null) await timetables.change(trx, after, changedAt);
  const missed = missedByChange(before, after, now);
  if (missed !== null) {
    await insertMissedRuns(trx, [{ ...missed, jobId: before.id, accountId: before.accountId }]);
  }
  if (patch.enabled === false || (before.enabled && !after.enabled)) {
    await cancelWaiting(trx, [before.id], `the job was ${after.status} while this execution waited`);
  } else {
    await fillRoom(trx, tasks, { ...after, jobId: after.id, running: after.inFlight - after.waiting });
  }
}
