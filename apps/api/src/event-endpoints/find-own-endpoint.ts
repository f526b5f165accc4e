import { type EventEndpoint, isId, notFound } from '@automation/domain';
import { type Database, eventEndpoints, type Transaction } from '@automation/store';

/** The caller's event endpoint of that id. Throws NOT_FOUND for an unknown one and for another account's alike. */
export async function findOwnEndpoint(db: Database, accountId: string, id: string): Promise<EventEndpoint> {
  return present(isId(id) ? await eventEndpoints.find(db, accountId, id) : undefined, id);
}

/** Like `findOwnEndpoint`, and holds the row until the transaction ends. */
export async function lockOwnEndpoint(
  trx: Transaction,
  accountId: string,
  id: string,
): Promise<EventEndpoint> {
  return present(isId(id) ? await eventEndpoints.findForUpdate(trx, accountId, id) : undefined, id);
}

function present(endpoint: EventEndpoint | undefined, id: string): EventEndpoint {
  if (endpoint === undefined) throw notFound('event endpoint', id);
  return endpoint;
}
