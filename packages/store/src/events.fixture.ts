import type { EventEndpoint, NewEvent, PublishedEvent } from '@automation/domain';
import { buildEvent, buildEventEndpoint } from '@automation/testing';
import { sql } from 'kysely';

import { eventEndpoints, events, publishEvents, type Store, writeEvents } from './index.ts';

/** As many as there are, at once. */
const AT_ONCE = { perSecond: 1_000_000, burst: 1_000 };

/** Events that wait to be published, oldest first. */
export async function unpublished(store: Store): Promise<NewEvent[]> {
  const { rows } = await sql<NewEvent>`
    SELECT account_id, job_id, execution_id, type, data FROM automation_outbox ORDER BY id`.execute(store.db);
  return rows;
}

export function write(store: Store, written: readonly NewEvent[]): Promise<void> {
  return store.db.transaction().execute((trx) => writeEvents(trx, written));
}

/** Publishes events of an account, one for each override, and answers them. */
export async function publish(
  store: Store,
  accountId: string,
  overrides: readonly Partial<NewEvent>[],
): Promise<PublishedEvent[]> {
  const before = await events.newestPosition(store.db);
  await write(
    store,
    overrides.map((each) => buildEvent({ accountId, ...each })),
  );
  await publishEvents(store.db, AT_ONCE);
  return events.listAll(store.db, before, overrides.length);
}

/** An endpoint of an account that is sent what is published from now on. */
export async function insertEndpoint(
  store: Store,
  overrides: Partial<EventEndpoint> & { accountId: string },
): Promise<EventEndpoint> {
  const deliveredPosition = await events.newestPosition(store.db);
  const endpoint = buildEventEndpoint({ deliveredPosition, ...overrides });
  await eventEndpoints.insert(store.db, endpoint);
  return endpoint;
}

export async function findEndpoint(store: Store, { accountId, id }: EventEndpoint): Promise<EventEndpoint> {
  const found = await eventEndpoints.find(store.db, accountId, id);
  if (found === undefined) throw new Error(`no endpoint ${id}`);
  return found;
}
