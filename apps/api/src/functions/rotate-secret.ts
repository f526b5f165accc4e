import type { AutomationFunction } from '@automation/domain';
import { generateSecret } from '@automation/invoker';
import { auditLog, functions } from '@automation/store';
import Joi from 'joi';

import type { ApiDependencies } from '../dependencies.ts';
import type { Keep } from '../http/answer-kept.ts';
import type { Caller } from '../http/route.ts';
import { present } from './find-own-function.ts';
import { rotatedSecretEntry } from './function-audit-entries.ts';

export interface RotateSecretBody {
  overlap_seconds: number;
}

const DAY_SECONDS = 86_400;

export const rotateSecretBody = Joi.object<RotateSecretBody>({
  overlap_seconds: Joi.number()
    .integer()
    .min(0)
    .max(7 * DAY_SECONDS)
    .default(DAY_SECONDS)
    .description('How long the secret that it had signs beside the new one.'),
}).id('FunctionSecretRotate');

/**
 * Gives a function a new secret, which the answer alone shows. Requests are signed by the old one as well until the overlap
 * ends (SPEC 4), so that its owner can put the new one in place. Throws NOT_FOUND if the account has no such function.
 */
export async function rotateSecret(
  api: ApiDependencies,
  caller: Caller,
  { id, overlap_seconds: overlapSeconds }: RotateSecretBody & { id: string },
  keep: Keep<AutomationFunction>,
): Promise<AutomationFunction> {
  const now = api.clock.now();
  const overlapsUntil = overlapSeconds === 0 ? null : new Date(now.getTime() + overlapSeconds * 1_000);
  const rotation = { secret: generateSecret(), overlapsUntil, updatedAt: now };
  const rotated = await api.store.db.transaction().execute(async (trx) => {
    const fn = present(await functions.rotateSecret(trx, caller.accountId, id, rotation), id);
    await auditLog.record(trx, [rotatedSecretEntry(caller, fn)]);
    await keep?.(trx, fn);
    return fn;
  });
  api.logger.info('function secret rotated', {
    function_id: id,
    account_id: caller.accountId,
    request_id: caller.requestId,
  });
  return rotated;
}
