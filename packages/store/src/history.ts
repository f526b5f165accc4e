import type { Database } from './database.ts';
import { dropPartitionsBefore, startOfDay } from './partitions.ts';
import * as timetables from './timetables.ts';

/**
 * Drops the partitions of the ledger that end before `oldest`, and what it says of the days before, with what that could be
 * compared. Answers the names of the partitions.
 */
export async function dropHistoryBefore(db: Database, oldest: Date): Promise<string[]> {
  const dropped = await dropPartitionsBefore(db, oldest);
  const day = startOfDay(oldest);
  await db.deleteFrom('automationMissedRuns').where('toAt', '<', day).execute();
  await timetables.removeBefore(db, day);
  return dropped;
}
