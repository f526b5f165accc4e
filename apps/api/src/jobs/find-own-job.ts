import { forbiddenJob, isId, type Job, notFound } from '@automation/domain';
import { type Database, jobs, type Transaction } from '@automation/store';

/** The caller's job of that id. Throws NOT_FOUND for an unknown one, FORBIDDEN for another account's (SPEC 5). */
export async function findOwnJob(db: Database, accountId: string, id: string): Promise<Job> {
  return own(isId(id) ? await jobs.find(db, id) : undefined, accountId, id);
}

/** Like `findOwnJob`, and holds the row until the transaction ends. */
export async function lockOwnJob(trx: Transaction, accountId: string, id: string): Promise<Job> {
  return own(isId(id) ? await jobs.findForUpdate(trx, id) : undefined, accountId, id);
}

function own(job: Job | undefined, accountId: string, id: string): Job {
  if (job === undefined) throw notFound('job', id);
  if (job.accountId !== accountId) throw forbiddenJob();
  return job;
}
