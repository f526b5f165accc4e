import { type AutomationFunction, conflict } from '@automation/domain';
import { auditLog, functions, jobs } from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import type { Caller } from '../http/route.ts';
import { present } from './find-own-function.ts';
import { deletedFunctionEntry } from './function-audit-entries.ts';

/** Deletes a function that no enabled job invokes. Throws CONFLICT while one does. */
export async function removeFunction(
  api: ApiDependencies,
  caller: Caller,
  id: string,
): Promise<AutomationFunction> {
  const { accountId, requestId } = caller;
  const removed = await api.store.db.transaction().execute(async (trx) => {
    // Deleted first: a job that is being created with it holds the row, and is seen once it is committed.
    const fn = present(await functions.remove(trx, accountId, id), id);
    if (await jobs.usesFunction(trx, accountId, id)) {
      throw conflict(`function ${id} is used by enabled jobs: disable them or give them another function`);
    }
    await auditLog.record(trx, [deletedFunctionEntry(caller, fn, api.clock.now())]);
    return fn;
  });
  api.logger.info('function deleted', { function_id: id, account_id: accountId, request_id: requestId });
  return removed;
}
