import type { EventEndpoint } from '@automation/domain';
import { sql } from 'kysely';

import type { Database, Transaction } from './database.ts';

const KEYS = [
  'id',
  'accountId',
  'url',
  'types',
  'secret',
  'previousSecret',
  'previousSecretUntil',
  'enabled',
  'disabledReason',
  'deliveredPosition',
  'attempts',
  'failingSince',
  'lastError',
  'nextAttemptAt',
  'createdAt',
  'updatedAt',
] as const satisfies readonly (keyof EventEndpoint)[];

/** Stores a new endpoint, which gets the events that are published from now on. */
export async function insert(db: Database, endpoint: EventEndpoint): Promise<void> {
  await db
    .insertInto('automationEventEndpoints')
    .values({ ...endpoint, lostAfter: null, lease: null, leasedUntil: null })
    .execute();
}

/** The account's endpoint of that id. */
export async function find(db: Database, accountId: string, id: string): Promise<EventEndpoint | undefined> {
  return ownEndpoint(db, accountId, id).executeTakeFirst();
}

/** Like `find`, and holds the row until the transaction ends. */
export async function findForUpdate(
  trx: Transaction,
  accountId: string,
  id: string,
): Promise<EventEndpoint | undefined> {
  return ownEndpoint(trx, accountId, id).forUpdate().executeTakeFirst();
}

function ownEndpoint(db: Database, accountId: string, id: string) {
  return db
    .selectFrom('automationEventEndpoints')
    .select(KEYS)
    .where('id', '=', id)
    .where('accountId', '=', accountId);
}

/** An account's endpoints, newest first. */
export async function list(
  db: Database,
  page: { accountId: string; limit: number; cursor?: string | undefined },
): Promise<EventEndpoint[]> {
  let query = db.selectFrom('automationEventEndpoints').select(KEYS).where('accountId', '=', page.accountId);
  if (page.cursor !== undefined) query = query.where('id', '<', page.cursor);
  return query.orderBy('id', 'desc').limit(page.limit).execute();
}

/** Writes an endpoint whose row the transaction holds. Whoever delivers to it gives it up, and it is taken up anew as it is now. */
export async function update(trx: Transaction, endpoint: EventEndpoint): Promise<void> {
  const { id, accountId: _owner, createdAt: _born, deliveredPosition: _taken, ...changes } = endpoint;
  await trx
    .updateTable('automationEventEndpoints')
    .set({ ...changes, lease: null, leasedUntil: null })
    .where('id', '=', id)
    .execute();
}

/** Deletes an endpoint whose row the transaction holds. */
export async function remove(trx: Transaction, id: string): Promise<void> {
  await trx.deleteFrom('automationEventEndpoints').where('id', '=', id).execute();
}

/** How many endpoints an account has. */
export async function count(db: Database, accountId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM automation_event_endpoints WHERE account_id = ${accountId}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** An account's enabled endpoint that is sent what happens to executions; undefined if there is none. */
export async function findWantingExecutions(
  db: Database,
  accountId: string,
): Promise<{ id: string } | undefined> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM automation_event_endpoints
    WHERE account_id = ${accountId} AND enabled AND EXISTS (SELECT FROM unnest(types) AS type WHERE type LIKE 'execution.%')
    ORDER BY id LIMIT 1`.execute(db);
  return rows[0];
}
