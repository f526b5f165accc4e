import { type EventSelector, selectedTypes, validationError } from '@automation/domain';
import { events } from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import type { StreamReply } from '../http/reply.ts';
import type { StreamCall } from '../http/route.ts';
import { ALL_EVENTS } from './event-selectors.ts';

export interface StreamQuery {
  types?: EventSelector[];
  after?: number;
}

const POSITION = /^\d{1,15}$/;

/**
 * Answers with a stream of the account's events (SPEC 5): those after the one that the client has seen last, by
 * `Last-Event-ID` or `after`, or else those from now on. Throws VALIDATION_ERROR for a position that there is not yet.
 */
export async function openEventStream(
  api: ApiDependencies,
  call: StreamCall,
  { types = [...ALL_EVENTS], after }: StreamQuery,
): Promise<StreamReply> {
  const newest = await events.newestPosition(api.store.db);
  // A client that connects again does so by the address that it began with.
  const seen = call.lastEventId === undefined ? after : readPosition(call.lastEventId);
  const field = call.lastEventId === undefined ? 'after' : 'Last-Event-ID';
  if (seen !== undefined && seen > newest) {
    throw invalid(field, `${field} ${seen} is in the future: the latest event is ${newest}`);
  }
  const { accountId, authorize } = call;
  const reader = { accountId, types: selectedTypes(types), authorize };
  return { stream: (response) => api.eventStreams.open(response, reader, { after: seen ?? newest, newest }) };
}

function readPosition(text: string): number {
  if (!POSITION.test(text)) {
    throw invalid('Last-Event-ID', `Last-Event-ID must be the id of an event, got ${JSON.stringify(text)}`);
  }
  return Number(text);
}

function invalid(field: string, message: string) {
  return validationError(message, [{ field, message }]);
}
