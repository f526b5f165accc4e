import { type AutomationFunction, DEFAULT_TIMEOUT_SECONDS, newId } from '@automation/domain';
import { generateSecret } from '@automation/invoker';
import { auditLog, functions } from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import type { Keep } from '../http/answer-kept.ts';
import type { Caller } from '../http/route.ts';
import { requireRoomForFunction } from '../limits/account-limits.ts';
import { createdFunctionEntry } from './function-audit-entries.ts';
import type { CreateFunctionBody } from './function-input.ts';
import { requireAcceptableUrl } from './require-acceptable-url.ts';

/** Registers a function with a secret of its own, which the answer alone shows (SPEC 5). */
export async function createFunction(
  api: ApiDependencies,
  caller: Caller,
  body: CreateFunctionBody,
  keep: Keep<AutomationFunction>,
): Promise<AutomationFunction> {
  requireAcceptableUrl(body.url, api.egress);
  await api.limits.storage.requireRoom();
  const now = api.clock.now();
  const fn: AutomationFunction = {
    id: newId(now),
    accountId: caller.accountId,
    name: body.name,
    url: body.url,
    headers: body.headers ?? {},
    timeoutSeconds: body.timeout_seconds ?? DEFAULT_TIMEOUT_SECONDS,
    secret: generateSecret(),
    previousSecret: null,
    previousSecretUntil: null,
    createdAt: now,
    updatedAt: now,
  };
  await api.store.db.transaction().execute(async (trx) => {
    await requireRoomForFunction(trx, fn.accountId);
    await functions.insert(trx, fn);
    await auditLog.record(trx, [createdFunctionEntry(caller, fn)]);
    await keep?.(trx, fn);
  });
  api.logger.info('function created', {
    function_id: fn.id,
    account_id: fn.accountId,
    request_id: caller.requestId,
  });
  return fn;
}
