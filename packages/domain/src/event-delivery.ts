import type { AttemptResult } from './attempt-result.ts';
import { backoffMs } from './backoff.ts';
import { instantText } from './instant-text.ts';

const LONGEST_BACKOFF_MS = 3_600_000;
/** For so long an endpoint may fail before no more events are sent to it. */
const PATIENCE_MS = 3 * 86_400_000;

/** What went wrong with an endpoint since it last took an event. */
export interface DeliveryFailures {
  /** Deliveries in a row that failed. */
  attempts: number;
  failingSince: Date | null;
}

/** What an attempt to deliver an event means for its endpoint. */
export type DeliveryOutcome =
  | { kind: 'delivered' }
  | { kind: 'failed'; attempts: number; failingSince: Date; error: string; retryInMs: number }
  | { kind: 'disabled'; reason: string };

/**
 * Decides what came of an attempt to deliver an event (SPEC 5). Any 2xx takes the event, whatever its body; 410 ends all
 * deliveries; anything else is tried again, with growing delays, until it has gone on for three days.
 */
export function settleDelivery(
  { attempts, failingSince }: DeliveryFailures,
  result: AttemptResult,
  now: Date,
): DeliveryOutcome {
  if (isTaken(result)) return { kind: 'delivered' };
  if (result.kind === 'gone') return { kind: 'disabled', reason: 'the endpoint answered 410 Gone' };
  const error = 'error' in result ? result.error : `HTTP ${result.httpStatus}`;
  const since = failingSince ?? now;
  if (now.getTime() - since.getTime() >= PATIENCE_MS) {
    return { kind: 'disabled', reason: `no event was taken since ${instantText(since)}: ${error}` };
  }
  const retryAfterMs = result.kind === 'unavailable' ? result.retryAfterMs : null;
  const retryInMs = backoffMs(attempts + 1, retryAfterMs, Math.random, LONGEST_BACKOFF_MS);
  return { kind: 'failed', attempts: attempts + 1, failingSince: since, error, retryInMs };
}

function isTaken({ httpStatus }: AttemptResult): boolean {
  return httpStatus !== null && httpStatus >= 200 && httpStatus < 300;
}
