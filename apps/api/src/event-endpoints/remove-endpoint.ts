import type { EventEndpoint } from '@automation/domain';
import { auditLog, eventEndpoints } from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import type { Caller } from '../http/route.ts';
import { deletedEndpointEntry } from './endpoint-audit-entries.ts';
import { lockOwnEndpoint } from './find-own-endpoint.ts';

/** Deletes an endpoint; what it has not taken yet, nobody gets. */
export async function removeEndpoint(
  api: ApiDependencies,
  caller: Caller,
  id: string,
): Promise<EventEndpoint> {
  const { accountId, requestId } = caller;
  const removed = await api.store.db.transaction().execute(async (trx) => {
    const endpoint = await lockOwnEndpoint(trx, accountId, id);
    await eventEndpoints.remove(trx, id);
    await auditLog.record(trx, [deletedEndpointEntry(caller, endpoint, api.clock.now())]);
    return endpoint;
  });
  const fields = { endpoint_id: id, account_id: accountId, request_id: requestId };
  api.logger.info('event endpoint deleted', fields);
  return removed;
}
