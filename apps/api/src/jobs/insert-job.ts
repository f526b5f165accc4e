import type { AuditLogEntry, Job } from '@automation/domain';
import { type Database, functions, jobs } from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import type { Keep } from '../http/answer-kept.ts';
import { tooManyJobs } from '../limits/account-limits.ts';
import { requireListedFunction, unknownFunction } from './require-function.ts';

export interface NewJobRow {
  job: Job;
  entry: AuditLogEntry;
  keep: Keep<Job>;
}

/**
 * Stores a new job with its entry in the audit log. Throws the seed's error unless the account has the job's function, and
 * CONFLICT if it has as many jobs as it may have.
 */
export async function insertJob(
  api: Pick<ApiDependencies, 'store' | 'external' | 'limits'>,
  { keep, ...row }: NewJobRow,
): Promise<void> {
  const { db } = api.store;
  const { accountId, functionId } = row.job;
  // Before any transaction, which is not to wait for another service.
  if (api.external.functions !== null) {
    await requireListedFunction(api.external.functions, accountId, functionId);
  }
  // One statement does all of it, where a transaction sends four.
  if (keep === null) await insert(api, db, row);
  else {
    await db.transaction().execute(async (trx) => {
      await insert(api, trx, row);
      await keep(trx, row.job);
    });
  }
}

async function insert(
  { external, limits }: Pick<ApiDependencies, 'external' | 'limits'>,
  db: Database,
  { job, entry }: Omit<NewJobRow, 'keep'>,
): Promise<void> {
  const { accountId, functionId } = job;
  const most = limits.jobsPerAccount;
  if (external.functions !== null) {
    if (!(await jobs.insert(db, job, entry, most))) throw tooManyJobs(accountId, most);
  } else if (!(await jobs.insertWithFunction(db, job, entry, most))) {
    const hasFunction = (await functions.find(db, accountId, functionId)) !== undefined;
    throw hasFunction ? tooManyJobs(accountId, most) : unknownFunction(functionId);
  }
}
