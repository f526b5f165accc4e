import { type Job, updateJob as applyPatch } from '@automation/domain';

import type { ApiDependencies } from '../dependencies.ts';
import { requireMatch } from '../http/etag.ts';
import type { Caller } from '../http/route.ts';
import { announceUpdated } from './announce-job.ts';
import { lockOwnJob } from './find-own-job.ts';
import { saveChange } from './save-change.ts';
import type { JobChange } from './update-job.ts';

/** The seed's DELETE: the job is kept and disabled. Of one that is disabled already, what still waits is cancelled. */
export async function disableJob(
  api: ApiDependencies,
  caller: Caller,
  { id, ifMatch }: Omit<JobChange, 'patch'>,
): Promise<Job> {
  const { before, after } = await api.queue.transaction(api.store.db, async (trx, tasks) => {
    const job = await lockOwnJob(trx, caller.accountId, id);
    requireMatch(ifMatch, job.version);
    if (!job.enabled && job.waiting === 0) return { before: job, after: job };
    const now = api.clock.now();
    const patch = { enabled: false };
    const disabled = applyPatch(job, patch, now);
    await saveChange(trx, { tasks, caller }, { before: job, after: disabled, patch }, now);
    return { before: job, after: disabled };
  });
  if (after !== before) announceUpdated(api, caller, { before, after });
  return after;
}
