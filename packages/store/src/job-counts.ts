import type { Database } from './database.ts';
import { statement } from './statement.ts';

/** Rows that count an account's jobs. */
const PARTS = 16;

/** What to do about a row that another transaction holds. */
export type Contention = 'skip' | 'wait';

/**
 * The text of two parts of a statement, `room` and `counted`, that count one more job of an account: `counted` is a row if
 * there is one in `source` and the account has less than `most` jobs. Each row has its share of the limit; the emptiest is
 * taken first, so that they fill evenly. To skip those that others hold may miss the room that there is; to wait for them
 * does not.
 */
export function counting(
  { accountId, most, source }: { accountId: string; most: string; source: string },
  contention: Contention,
): string {
  return `
    room AS MATERIALIZED (
      SELECT part FROM automation_job_counts
      WHERE account_id = ${accountId} AND jobs < (${most} + ${PARTS - 1} - part) / ${PARTS}
      ORDER BY jobs, part LIMIT 1 FOR UPDATE ${contention === 'skip' ? 'SKIP LOCKED' : ''}
    ), counted AS (
      UPDATE automation_job_counts AS counts SET jobs = jobs + 1 FROM room, ${source}
      WHERE counts.account_id = ${accountId} AND counts.part = room.part
      RETURNING counts.part
    )`;
}

/** Makes the rows that count an account's jobs, unless they are there. */
export async function open(db: Database, accountId: string): Promise<void> {
  await runOpen(db, [accountId]);
}

const runOpen = statement(`
  INSERT INTO automation_job_counts (account_id, part, jobs)
  SELECT $1, part, 0 FROM generate_series(0, ${PARTS - 1}) AS part
  ON CONFLICT DO NOTHING`);
