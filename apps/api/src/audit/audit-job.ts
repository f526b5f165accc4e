import { NOTHING_AUDITED } from '@automation/domain';
import { countExecutions, findAudited, measureLateness, readLedger } from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import type { Audit } from './audit-json.ts';
import { type AuditQuery, auditWindow } from './audit-query.ts';
import { compareEntries } from './compare-entries.ts';

/** Each statement ends by then: whoever may read a job may ask for months of it, and often. */
const TIMEOUT_MS = 10_000;

/**
 * Compares a job's ledger with its schedule (SPEC 3, the ledger), all of it as it is at one instant. Throws UNAVAILABLE if the
 * database is too busy to say.
 */
export async function auditJob(
  api: ApiDependencies,
  { jobId, query }: { jobId: string; query: AuditQuery },
  signal: AbortSignal,
): Promise<Audit> {
  return readLedger(api.store.db, TIMEOUT_MS, async (trx, bounds) => {
    const window = auditWindow(query, bounds);
    const job = await findAudited(trx, jobId, window);
    const jobs = job === undefined ? [] : [job];
    const [compared] = await compareEntries(trx, { jobs, window }, signal);
    return {
      window,
      bounds,
      counts: compared?.counts ?? NOTHING_AUDITED,
      executions: await countExecutions(trx, window, jobId),
      lateness: await measureLateness(trx, window, jobId),
    };
  });
}
