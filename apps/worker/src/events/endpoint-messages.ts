import { eventJson, type EventMessage, gapJson, selectedTypes } from '@automation/domain';
import { type Database, events, type LeasedEndpoint } from '@automation/store';

/** What an endpoint is sent in one request. */
export interface Message {
  /** Up to which the endpoint has taken its events when it has taken this. */
  position: number;
  body: EventMessage;
}

const PAGE = 100;

/** What an endpoint is to be sent next, in order, and up to which position it has all its events then. */
export async function readMessages(
  db: Database,
  endpoint: LeasedEndpoint,
): Promise<{ messages: Message[]; upTo: number }> {
  const { accountId, types, deliveredPosition: after, newestPosition } = endpoint;
  const span = { accountId, types: selectedTypes(types), after, upTo: newestPosition, limit: PAGE };
  const page = await events.list(db, span);
  const last = page.events.at(-1);
  return {
    messages: [
      ...gapOf(endpoint),
      ...page.events.map((event) => ({ position: event.position, body: eventJson(event) })),
    ],
    upTo: last !== undefined && page.events.length === PAGE ? last.position : newestPosition,
  };
}

function gapOf({ accountId, lostAfter, deliveredPosition: until }: LeasedEndpoint): Message[] {
  if (lostAfter === null) return [];
  return [{ position: until, body: gapJson({ accountId, after: lostAfter, until }, new Date()) }];
}
