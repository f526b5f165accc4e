import { sql } from 'kysely';

import type { Transaction } from './database.ts';

/** More than there are transactions at the same time: that far from a limit nobody has to wait for anybody. */
const FAR = 100;

/**
 * Whether an account has less than `most` things of a kind, by how many `count` finds. Near the limit nobody else who asks
 * creates one until the transaction ends.
 */
export async function hasRoomFor(
  trx: Transaction,
  { kind, accountId, most }: { kind: string; accountId: string; most: number },
  count: () => Promise<number>,
): Promise<boolean> {
  if ((await count()) < most - FAR) return true;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`${kind} of ${accountId}`}, 0))`.execute(trx);
  return (await count()) < most;
}
