import type { EventEndpoint } from '@automation/domain';
import { generateSecret } from '@automation/invoker';
import { auditLog, eventEndpoints } from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import type { RotateSecretBody } from '../functions/rotate-secret.ts';
import type { Keep } from '../http/answer-kept.ts';
import type { Caller } from '../http/route.ts';
import { rotatedEndpointSecretEntry } from './endpoint-audit-entries.ts';
import { lockOwnEndpoint } from './find-own-endpoint.ts';

/** Gives an endpoint a new secret, as `rotateSecret` does to a function. */
export async function rotateEndpointSecret(
  api: ApiDependencies,
  caller: Caller,
  { id, overlap_seconds: overlapSeconds }: RotateSecretBody & { id: string },
  keep: Keep<EventEndpoint>,
): Promise<EventEndpoint> {
  const { accountId, requestId } = caller;
  const now = api.clock.now();
  const rotated = await api.store.db.transaction().execute(async (trx) => {
    const before = await lockOwnEndpoint(trx, accountId, id);
    const overlaps = overlapSeconds > 0;
    const after = {
      ...before,
      secret: generateSecret(),
      previousSecret: overlaps ? before.secret : null,
      previousSecretUntil: overlaps ? new Date(now.getTime() + overlapSeconds * 1_000) : null,
      updatedAt: now,
    };
    await eventEndpoints.update(trx, after);
    await auditLog.record(trx, [rotatedEndpointSecretEntry(caller, after)]);
    await keep?.(trx, after);
    return after;
  });
  const fields = { endpoint_id: id, account_id: accountId, request_id: requestId };
  api.logger.info('event endpoint secret rotated', fields);
  return rotated;
}
