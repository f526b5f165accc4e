import { conflict, type EventEndpoint, newId, selectsExecutions } from '@automation/domain';
import { generateSecret } from '@automation/invoker';
import { auditLog, eventEndpoints, events, eventSettings } from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import { ALL_EVENTS } from '../events/event-selectors.ts';
import type { Keep } from '../http/answer-kept.ts';
import type { Caller } from '../http/route.ts';
import { createdEndpointEntry } from './endpoint-audit-entries.ts';
import type { CreateEndpointBody } from './endpoint-input.ts';
import { requireAcceptableUrl } from './require-acceptable-url.ts';

const MOST_ENDPOINTS = 20;

/**
 * Registers an endpoint for the account's events from now on, with a secret of its own, which the answer alone shows
 * (SPEC 5). Throws CONFLICT if the account has as many as it may have, and STORAGE_QUOTA_EXCEEDED.
 */
export async function createEndpoint(
  api: ApiDependencies,
  caller: Caller,
  { url, types = [...ALL_EVENTS] }: CreateEndpointBody,
  keep: Keep<EventEndpoint>,
): Promise<EventEndpoint> {
  requireAcceptableUrl(url, api.egress);
  await api.limits.storage.requireRoom();
  const { accountId, requestId } = caller;
  const endpoint = await api.store.db.transaction().execute(async (trx) => {
    await eventSettings.extend(trx, accountId, { executionEvents: selectsExecutions(types) });
    if ((await eventEndpoints.count(trx, accountId)) >= MOST_ENDPOINTS) {
      throw conflict(
        `the account has ${MOST_ENDPOINTS} event endpoints already, which is the most that it may have`,
      );
    }
    const deliveredPosition = await events.newestPosition(trx);
    const registered = newEndpoint({ accountId, url, types, deliveredPosition }, api.clock.now());
    await eventEndpoints.insert(trx, registered);
    await auditLog.record(trx, [createdEndpointEntry(caller, registered)]);
    await keep?.(trx, registered);
    return registered;
  });
  const fields = { endpoint_id: endpoint.id, account_id: accountId, request_id: requestId };
  api.logger.info('event endpoint created', fields);
  return endpoint;
}

function newEndpoint(
  given: Pick<EventEndpoint, 'accountId' | 'url' | 'types' | 'deliveredPosition'>,
  now: Date,
): EventEndpoint {
  return {
    id: newId(now),
    ...given,
    secret: generateSecret(),
    previousSecret: null,
    previousSecretUntil: null,
    enabled: true,
    disabledReason: null,
    attempts: 0,
    failingSince: null,
    lastError: null,
    nextAttemptAt: null,
    createdAt: now,
    updatedAt: now,
  };
}
