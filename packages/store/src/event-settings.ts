import { sql } from 'kysely';

import type { Database, Transaction } from './database.ts';

/** What an account wants to hear of. */
export interface EventSettings {
  /** Whether it gets an event for each execution that ends, and not only for changes to its jobs. */
  executionEvents: boolean;
}

/** An account that has said nothing hears of its jobs alone. */
export async function find(db: Database, accountId: string): Promise<EventSettings> {
  const settings = await db
    .selectFrom('automationEventSettings')
    .select('executionEvents')
    .where('accountId', '=', accountId)
    .executeTakeFirst();
  return settings ?? { executionEvents: false };
}

/** Replaces an account's settings. */
export async function set(db: Database, accountId: string, settings: EventSettings): Promise<void> {
  await db
    .insertInto('automationEventSettings')
    .values({ accountId, ...settings })
    .onConflict((conflicting) => conflicting.column('accountId').doUpdateSet(settings))
    .execute();
}

/**
 * Adds to an account's settings what is wanted beside what they have already, and holds them until the transaction ends,
 * so that an account's endpoints are changed one after the other.
 */
export async function extend(trx: Transaction, accountId: string, wanted: EventSettings): Promise<void> {
  await sql`
    INSERT INTO automation_event_settings AS s (account_id, execution_events)
    VALUES (${accountId}, ${wanted.executionEvents})
    ON CONFLICT (account_id) DO UPDATE SET execution_events = s.execution_events OR excluded.execution_events`.execute(
    trx,
  );
}
