import { cancelExecution as cancel } from '@automation/dispatch';
import {
  auditLogEntry,
  type AuditLogEntry,
  conflict,
  type Execution,
  type JsonObject,
} from '@automation/domain';
import { auditLog } from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import type { Caller } from '../http/route.ts';
import { findOwnExecution } from './find-own-execution.ts';

/**
 * Cancels the caller's execution, whether it waits or is under way (SPEC 5). One that is cancelled already is answered
 * as it is. Throws CONFLICT for one that is finished.
 */
export async function cancelExecution(api: ApiDependencies, caller: Caller, id: string): Promise<Execution> {
  const { db } = api.store;
  const { jobId, functionId } = await findOwnExecution(db, caller.accountId, id);
  const reason = 'cancelled by request';
  const isCancelled = await api.queue.transaction(db, async (trx, tasks) => {
    const cancelled = await cancel(trx, tasks, { id, jobId, reason });
    if (cancelled === undefined) return false;
    const before = { status: cancelled.formerStatus, reason: cancelled.formerReason };
    await auditLog.record(trx, [cancelledEntry(caller, { id, before, reason }, api.clock.now())]);
    return true;
  });
  const execution = await findOwnExecution(db, caller.accountId, id);
  if (!isCancelled && execution.status !== 'cancelled') {
    throw conflict(`execution ${id} has finished already: ${execution.status}`);
  }
  if (isCancelled) {
    api.logger.info('execution cancelled', {
      job_id: jobId,
      execution_id: id,
      account_id: caller.accountId,
      function_id: functionId,
      request_id: caller.requestId,
    });
  }
  return execution;
}

function cancelledEntry(
  caller: Caller,
  { id: targetId, before, reason }: { id: string; before: JsonObject; reason: string },
  at: Date,
): AuditLogEntry {
  const { accountId } = caller;
  const after = { status: 'cancelled', reason };
  return auditLogEntry(caller, { action: 'execution.cancelled', accountId, targetId, before, after }, at);
}
