import type { Database } from './database.ts';
import { dropPartitionsBefore, startOfDay } from './partitions.ts';
import * as timetables from './timetables.ts';

/**
 * Drops what the ledger says of the days before `oldest`, and with what it could be compared, and answers the names of
 * the partitions that held it.
 */
export async function dropHistoryBefore(db: Database, oldest: Date): Promise<string[]> {
  const day = startOfDay(oldest);
  const dropped = await dropPartitionsBefore(db, day);
  await db.deleteFrom('automationMissedRuns').where('toAt', '<', day).execute();
  await timetables.removeBefore(db, day);
  return dropped;
}
