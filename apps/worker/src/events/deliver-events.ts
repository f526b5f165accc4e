import type { DeliveryFailures } from '@automation/domain';
import {
  type Database,
  disableEndpoint,
  type EndpointLease,
  failEndpoint,
  keepEndpoint,
  type LeasedEndpoint,
  postponeEndpoint,
  releaseEndpoint,
} from '@automation/store';

import { type DeliveryContext, deliverMessage } from './deliver-message.ts';
import { type Message, readMessages } from './endpoint-messages.ts';

/** When a turn ends before it is through. */
export interface TurnSignals {
  /** After the message under way. */
  stopping: AbortSignal;
  /** At once. */
  cutOff: AbortSignal;
}

/** An endpoint that answers slowly gives way to others. */
const TURN_MS = 5_000;
/** After a crash so much is sent again. */
const SAVE_MS = 1_000;
const NO_FAILURES: DeliveryFailures = { attempts: 0, failingSince: null };

/**
 * An endpoint's turn (SPEC 5): sends it its events in order, each once the one before it was taken, until there are no more,
 * one is not taken, or the turn is over; and notes how far it came.
 */
export async function deliverEvents(
  context: DeliveryContext & { db: Database },
  endpoint: LeasedEndpoint,
  { stopping, cutOff }: TurnSignals,
): Promise<void> {
  const { db } = context;
  const { messages, upTo } = await readMessages(db, endpoint);
  const startedAt = performance.now();
  let savedAt = startedAt;
  let failures: DeliveryFailures = endpoint;
  let position = endpoint.deliveredPosition;
  let held: EndpointLease = { ...endpoint, lostAfter: null };
  for (const message of messages) {
    const now = performance.now();
    if (stopping.aborted || now - startedAt > TURN_MS) return releaseEndpoint(db, held, position);
    if (now - savedAt > SAVE_MS) {
      if (!(await keepEndpoint(db, held, position))) return;
      savedAt = now;
    }
    const step = await deliverMessage(context, endpoint, { message, failures, signal: cutOff });
    switch (step.kind) {
      case 'delivered':
        ({ position } = message);
        failures = NO_FAILURES;
        held = toldOf(message, endpoint, held);
        break;
      case 'cut_off':
        return releaseEndpoint(db, held, position);
      case 'postponed':
        return postponeEndpoint(db, held, { position, forMs: step.forMs });
      case 'failed':
        return failEndpoint(db, held, { ...step, position });
      case 'disabled':
        return disableEndpoint(db, held, { ...step, position });
    }
  }
  return releaseEndpoint(db, held, upTo);
}

/** The first message is the one that tells of a loss, if there was one. */
function toldOf(
  message: Message,
  { lostAfter, deliveredPosition }: LeasedEndpoint,
  held: EndpointLease,
): EndpointLease {
  return message.position === deliveredPosition ? { ...held, lostAfter } : held;
}
