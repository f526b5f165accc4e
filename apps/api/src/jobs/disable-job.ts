import { type Job, updateJob as applyPatch } from '@automation/domain';

import type { ApiDependencies } from '../dependencies.ts';
import { requireMatch } from '../http/etag.ts';
import type { Caller } from '../http/route.ts';
import { announceUpdated } from './announce-job.ts';
import { lockOwnJob } from './find-own-job.ts';
import { saveChange } from './save-change.ts';
import type { JobChange } from './update-job.ts';

/** The seed's DELETE: the job is kept and disabled. A job that is disabled already stays as it is. */
export async function disableJob(
  api: ApiDependencies,
  caller: Caller,
  { id, ifMatch }: Omit<JobChange, 'patch'>,
): Promise<Job> {
  const { before, after } = await api.store.db.transaction().execute(async (trx) => {
    const job = await lockOwnJob(trx, caller.accountId, id);
    requireMatch(ifMatch, job.version);
    if (!job.enabled) return { before: job, after: job };
    const now = api.clock.now();
    const disabled = applyPatch(job, { enabled: false }, now);
    await saveChange(trx, { before: job, after: disabled }, now);
    return { before: job, after: disabled };
  });
  if (after !== before) announceUpdated(api, caller, { before, after });
  return after;
}
