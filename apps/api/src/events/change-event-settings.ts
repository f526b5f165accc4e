import { auditLogEntry, changedFields, conflict, type JsonObject } from '@automation/domain';
import { auditLog, eventEndpoints, eventSettings } from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import type { Caller } from '../http/route.ts';

/**
 * Says whether an account hears of each execution that ends (SPEC 5). Throws CONFLICT for a no while an enabled endpoint
 * is to be sent them.
 */
export async function changeEventSettings(
  api: ApiDependencies,
  caller: Caller,
  settings: eventSettings.EventSettings,
): Promise<void> {
  const { accountId, requestId } = caller;
  await api.store.db.transaction().execute(async (trx) => {
    await eventSettings.extend(trx, accountId, { executionEvents: false });
    const before = await eventSettings.find(trx, accountId);
    const endpoint = settings.executionEvents
      ? undefined
      : await eventEndpoints.findWantingExecutions(trx, accountId);
    if (endpoint !== undefined) {
      throw conflict(
        `event endpoint ${endpoint.id} is sent events of executions: disable it or change its types`,
      );
    }
    await eventSettings.set(trx, accountId, settings);
    const fields = changedFields(eventSettingsJson(before), eventSettingsJson(settings));
    const change = { accountId, action: 'event_settings.updated', targetId: accountId, ...fields } as const;
    await auditLog.record(trx, [auditLogEntry(caller, change, api.clock.now())]);
  });
  api.logger.info('event settings updated', { account_id: accountId, request_id: requestId });
}

/** Settings as they are answered, and as the audit log has them. */
export function eventSettingsJson({ executionEvents }: eventSettings.EventSettings): JsonObject {
  return { execution_events: executionEvents };
}
