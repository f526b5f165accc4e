import { type Job, type JobPatch, updateJob as applyPatch } from '@automation/domain';

import type { ApiDependencies } from '../dependencies.ts';
import { requireMatch } from '../http/etag.ts';
import type { Caller } from '../http/route.ts';
import { announceUpdated } from './announce-job.ts';
import { lockOwnJob } from './find-own-job.ts';
import { requireFunction, requireListedFunction } from './require-function.ts';
import { saveChange } from './save-change.ts';

export interface JobChange {
  id: string;
  /** The If-Match header: the version that the caller has seen. */
  ifMatch: string | undefined;
  patch: JobPatch;
}

/** Applies all of a patch or none of it, on the locked row (SPEC 5). A patch that says nothing changes nothing. */
export async function updateJob(
  api: ApiDependencies,
  caller: Caller,
  { id, ifMatch, patch }: JobChange,
): Promise<Job> {
  const { functionId } = patch;
  const { functions } = api.external;
  if (functionId !== undefined && functions !== null) {
    // Before the transaction, which is not to wait for another service.
    await requireListedFunction(functions, caller.accountId, functionId);
  }
  const { before, after } = await api.queue.transaction(api.store.db, async (trx, tasks) => {
    const job = await lockOwnJob(trx, caller.accountId, id);
    requireMatch(ifMatch, job.version);
    if (Object.keys(patch).length === 0) return { before: job, after: job };
    if (functionId !== undefined && functions === null) {
      await requireFunction(trx, caller.accountId, functionId);
    }
    const now = api.clock.now();
    const changed = applyPatch(job, patch, now);
    await saveChange(trx, { tasks, caller }, { before: job, after: changed, patch }, now);
    return { before: job, after: changed };
  });
  if (after !== before) announceUpdated(api, caller, { before, after });
  return after;
}
