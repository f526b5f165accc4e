import type { EventEndpoint } from '@automation/domain';

import { instant, instantOrNull } from '../http/instant.ts';

/** An event endpoint as it is answered, its secret left out (SPEC 5). */
export function endpointJson(endpoint: EventEndpoint) {
  return {
    id: endpoint.id,
    account_id: endpoint.accountId,
    url: endpoint.url,
    types: endpoint.types,
    enabled: endpoint.enabled,
    disabled_reason: endpoint.disabledReason,
    delivered_position: endpoint.deliveredPosition,
    failed_attempts: endpoint.attempts,
    failing_since: instantOrNull(endpoint.failingSince),
    last_error: endpoint.lastError,
    next_attempt_at: instantOrNull(endpoint.nextAttemptAt),
    created_at: instant(endpoint.createdAt),
    updated_at: instant(endpoint.updatedAt),
  };
}
