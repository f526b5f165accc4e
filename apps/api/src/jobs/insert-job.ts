import type { AuditLogEntry, Job } from '@automation/domain';
import { functions, jobs } from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import { tooManyJobs } from '../limits/account-limits.ts';
import { requireListedFunction, unknownFunction } from './require-function.ts';

/**
 * Stores a new job with its entry in the audit log. Throws the seed's error unless the account has the job's function, and
 * CONFLICT if it has as many jobs as it may have.
 */
export async function insertJob(
  { store: { db }, external, limits }: Pick<ApiDependencies, 'store' | 'external' | 'limits'>,
  job: Job,
  entry: AuditLogEntry,
): Promise<void> {
  const { accountId, functionId } = job;
  const most = limits.jobsPerAccount;
  if (external.functions !== null) {
    await requireListedFunction(external.functions, accountId, functionId);
    if (!(await jobs.insert(db, job, entry, most))) throw tooManyJobs(accountId, most);
  } else if (!(await jobs.insertWithFunction(db, job, entry, most))) {
    const hasFunction = (await functions.find(db, accountId, functionId)) !== undefined;
    throw hasFunction ? tooManyJobs(accountId, most) : unknownFunction(functionId);
  }
}
