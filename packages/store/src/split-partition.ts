import { sql } from 'kysely';

import type { Database, Transaction } from './database.ts';
import { lowestId } from './id-range.ts';
import { HISTORY } from './partition-names.ts';
import {
  attachPartition,
  createPartition,
  detachPartition,
  listPartitions,
  lockHistory,
  type Partition,
  takeTurn,
} from './partitions.ts';

/**
 * Ends a partition with the second under way: what comes later today lies in a new one, so that the history is dropped in
 * parts smaller than a day. Changes nothing unless it is the partition of now. Safe to call from many replicas at once.
 */
export async function splitPartition(db: Database, name: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await takeTurn(trx);
    const partition = (await listPartitions(trx)).find((each) => each.name === name);
    if (partition === undefined) return;
    await lockHistory(trx);
    const at = await nextSecond(trx);
    if (at > partition.from && at < partition.to) await splitAt(trx, partition, at);
  });
}

async function splitAt(trx: Transaction, { name, from, to }: Partition, at: Date): Promise<void> {
  await detachPartition(trx, name);
  await createPartition(trx, { from: at, to });
  await moveLater(trx, name, at);
  await attachPartition(trx, { name, from, to: at });
}

/** There are none unless the clock was set back. By their ids, which are of the same millisecond and have the index. */
async function moveLater(trx: Transaction, name: string, at: Date): Promise<void> {
  await sql`
    WITH moved AS (
      DELETE FROM ${sql.table(name)} WHERE id >= ${lowestId(at)}::uuid AND scheduled_for >= ${at} RETURNING *
    )
    INSERT INTO ${sql.table(HISTORY)} SELECT * FROM moved`.execute(trx);
}

async function nextSecond(trx: Transaction): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`
    SELECT date_trunc('second', clock_timestamp()) + interval '1 second' AS at`.execute(trx);
  const [row] = rows;
  if (row === undefined) throw new Error('PostgreSQL answered without a row');
  return row.at;
}
