import type { AutomationFunction } from '@automation/domain';
import { auditLog, functions } from '@automation/store';

import { defined } from '../defined.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Caller } from '../http/route.ts';
import { present } from './find-own-function.ts';
import { updatedFunctionEntry } from './function-audit-entries.ts';
import type { FunctionFields } from './function-input.ts';
import { requireAcceptableUrl } from './require-acceptable-url.ts';

/** Changes the caller's function: all given fields, or none if one of them is refused (SPEC 5). */
export async function updateFunction(
  api: ApiDependencies,
  caller: Caller,
  { id, body }: { id: string; body: FunctionFields },
): Promise<AutomationFunction> {
  const { name, url, headers, timeout_seconds: timeoutSeconds } = body;
  if (url !== undefined) requireAcceptableUrl(url, api.egress);
  const { accountId } = caller;
  const updated = await api.store.db.transaction().execute(async (trx) => {
    const before = present(await functions.findForUpdate(trx, accountId, id), id);
    const changes = { ...defined({ name, url, headers, timeoutSeconds }), updatedAt: api.clock.now() };
    const after = present(await functions.update(trx, accountId, id, changes), id);
    await auditLog.record(trx, [updatedFunctionEntry(caller, { before, after })]);
    return after;
  });
  api.logger.info('function updated', {
    function_id: id,
    account_id: accountId,
    request_id: caller.requestId,
  });
  return updated;
}
