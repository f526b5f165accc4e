import { type AutomationFunction, DEFAULT_TIMEOUT_SECONDS, newId } from '@automation/domain';
import { generateSecret } from '@automation/invoker';
import { functions } from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import type { Caller } from '../http/route.ts';
import type { CreateFunctionBody } from './function-input.ts';
import { requireAcceptableUrl } from './require-acceptable-url.ts';

/** Registers a function with a secret of its own, which the answer alone shows (SPEC 5). */
export async function createFunction(
  api: ApiDependencies,
  caller: Caller,
  body: CreateFunctionBody,
): Promise<AutomationFunction> {
  requireAcceptableUrl(body.url, api.functionNetwork);
  const now = api.clock.now();
  const fn = {
    id: newId(now),
    accountId: caller.accountId,
    name: body.name,
    url: body.url,
    headers: body.headers ?? {},
    timeoutSeconds: body.timeout_seconds ?? DEFAULT_TIMEOUT_SECONDS,
    secret: generateSecret(),
    createdAt: now,
    updatedAt: now,
  };
  await functions.insert(api.store.db, fn);
  api.logger.info('function created', {
    function_id: fn.id,
    account_id: fn.accountId,
    request_id: caller.requestId,
  });
  return fn;
}
