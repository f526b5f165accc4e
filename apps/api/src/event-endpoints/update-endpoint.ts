import { type EventEndpoint, selectsExecutions, updateEndpoint as applyPatch } from '@automation/domain';
import { auditLog, eventEndpoints, eventSettings } from '@automation/store';

import { defined } from '../defined.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Caller } from '../http/route.ts';
import { updatedEndpointEntry } from './endpoint-audit-entries.ts';
import type { EndpointFields } from './endpoint-input.ts';
import { lockOwnEndpoint } from './find-own-endpoint.ts';
import { requireAcceptableUrl } from './require-acceptable-url.ts';

/** Changes the caller's endpoint: all given fields, or none if one of them is refused (SPEC 5). */
export async function updateEndpoint(
  api: ApiDependencies,
  caller: Caller,
  { id, body }: { id: string; body: EndpointFields },
): Promise<EventEndpoint> {
  if (body.url !== undefined) requireAcceptableUrl(body.url, api.egress);
  const { accountId, requestId } = caller;
  const updated = await api.store.db.transaction().execute(async (trx) => {
    const before = await lockOwnEndpoint(trx, accountId, id);
    const after = applyPatch(before, defined(body), api.clock.now());
    const executionEvents = after.enabled && selectsExecutions(after.types);
    await eventSettings.extend(trx, accountId, { executionEvents });
    await eventEndpoints.update(trx, after);
    await auditLog.record(trx, [updatedEndpointEntry(caller, { before, after })]);
    return after;
  });
  const fields = { endpoint_id: id, account_id: accountId, request_id: requestId };
  api.logger.info('event endpoint updated', fields);
  return updated;
}
