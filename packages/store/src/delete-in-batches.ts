import { type RawBuilder, sql } from 'kysely';

import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** Rows that a transaction deletes at most: what it holds up goes on soon, and a failure undoes no more. */
export const BATCH = 10_000;

/** Deletes one batch after the other, until one is not full; answers how many rows they were. */
export async function inBatches(deleteBatch: () => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const deleted = await deleteBatch();
    total += deleted;
    if (deleted < BATCH) return total;
  }
}

/** Deletes the rows of a table that a condition holds for, each batch in a transaction of its own. */
export async function deleteInBatches(
  db: Database,
  table: keyof Tables,
  condition: RawBuilder<boolean>,
): Promise<void> {
  await inBatches(async () => {
    // The condition again: a row that changes while the statement waits for it may be past its time no more.
    const { numAffectedRows } = await sql`
      DELETE FROM ${sql.table(table)}
      WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${sql.table(table)} WHERE ${condition} LIMIT ${BATCH}))
        AND ${condition}`.execute(db);
    return Number(numAffectedRows);
  });
}
