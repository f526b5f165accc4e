import type { EventSelector } from './event.ts';

/** An HTTP server that an account's events are sent to (SPEC 5). */
export interface EventEndpoint {
  id: string;
  accountId: string;
  url: string;
  types: EventSelector[];
  /** Standard Webhooks signing secret, `whsec_…`. */
  secret: string;
  /** The one before it, which signs as well until an instant. */
  previousSecret: string | null;
  previousSecretUntil: Date | null;
  enabled: boolean;
  /** Why the service disabled it; null if a user did. */
  disabledReason: string | null;
  /** It has taken all its events up to this position. */
  deliveredPosition: number;
  /** Deliveries in a row that failed, since when, how the last one did, and when the next one is due. */
  attempts: number;
  failingSince: Date | null;
  lastError: string | null;
  nextAttemptAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export type EventEndpointPatch = Partial<Pick<EventEndpoint, 'url' | 'types' | 'enabled'>>;

/**
 * An endpoint with all of a patch applied. A new address, and enabling it, are a new start: what went wrong before counts
 * no longer, and what it has not taken yet is sent at once.
 */
export function updateEndpoint(endpoint: EventEndpoint, patch: EventEndpointPatch, now: Date): EventEndpoint {
  const { url, types, enabled } = { ...endpoint, ...patch };
  const changed = { ...endpoint, url, types, enabled, updatedAt: now };
  const disabledReason = patch.enabled === undefined ? endpoint.disabledReason : null;
  if (patch.url === undefined && patch.enabled === undefined) return changed;
  return {
    ...changed,
    disabledReason,
    attempts: 0,
    failingSince: null,
    lastError: null,
    nextAttemptAt: null,
  };
}
