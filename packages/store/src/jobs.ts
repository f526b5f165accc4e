import type { Job, JobStatus } from '@automation/domain';
import { type RawBuilder, sql } from 'kysely';

import type { Database, Transaction } from './database.ts';
import * as timetables from './timetables.ts';
import { mapUniqueViolation } from './unique-violation.ts';

/** Channel on which schedulers hear that a job is due sooner than they may expect. */
export const JOBS_CHANGED = 'automation_jobs_changed';

/** Jobs due later than this are found by the schedulers' polling in time. */
const SOON_MS = 5_000;

export interface JobFilter {
  accountId: string;
  limit: number;
  /** Id of the last job of the page before. */
  cursor?: string | undefined;
  status?: JobStatus | undefined;
  enabled?: boolean | undefined;
  functionId?: string | undefined;
  /** Text that the name contains, whatever its case. */
  q?: string | undefined;
}

/** Stores a new job. Throws CONFLICT if its name is taken in the account. */
export async function insert(trx: Transaction, job: Job): Promise<void> {
  await mapUniqueViolation(
    trx.insertInto('automationJobs').values(job).execute(),
    'automation_jobs_name',
    job.name,
  );
  if (job.enabled) await timetables.open(trx, job, job.createdAt);
  await announce(trx, job);
}

/** The job of that id, whosever it is. */
export async function find(db: Database, id: string): Promise<Job | undefined> {
  return db.selectFrom('automationJobs').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The jobs of those ids, whosever they are. */
export async function findAll(db: Database, ids: readonly string[]): Promise<Job[]> {
  if (ids.length === 0) return [];
  return db.selectFrom('automationJobs').selectAll().where('id', 'in', ids).execute();
}

/** Like `find`, and holds the row until the transaction ends. */
export async function findForUpdate(trx: Transaction, id: string): Promise<Job | undefined> {
  return trx.selectFrom('automationJobs').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** An account's jobs, newest first. */
export async function list(db: Database, filter: JobFilter): Promise<Job[]> {
  let query = db.selectFrom('automationJobs').selectAll().where('accountId', '=', filter.accountId);
  if (filter.cursor !== undefined) query = query.where(after(filter.cursor));
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.enabled !== undefined) query = query.where('enabled', '=', filter.enabled);
  if (filter.functionId !== undefined) query = query.where('functionId', '=', filter.functionId);
  if (filter.q !== undefined)
    query = query.where(sql<boolean>`position(${folded(sql`${filter.q}`)} in ${folded(sql`name`)}) > 0`);
  return query.orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(filter.limit).execute();
}

/** What follows a job in the listing. */
function after(id: string): RawBuilder<boolean> {
  return sql<boolean>`(created_at, id) < (SELECT c.created_at, c.id FROM automation_jobs c WHERE c.id = ${id})`;
}

/** Without regard to case, as in the unique index of names. */
function folded(text: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`lower(${text} COLLATE "und-x-icu")`;
}

/** Writes a job whose row the transaction holds. Throws CONFLICT if its new name is taken in the account. */
export async function update(trx: Transaction, job: Job): Promise<void> {
  const { id, accountId: _owner, createdAt: _born, runCount: _runs, checkCount: _checks, ...changes } = job;
  await mapUniqueViolation(
    trx.updateTable('automationJobs').set(changes).where('id', '=', id).execute(),
    'automation_jobs_name',
    job.name,
  );
  await announce(trx, job);
}

/** Whether any job that still runs by itself invokes the function. */
export async function usesFunction(db: Database, accountId: string, functionId: string): Promise<boolean> {
  const job = await db
    .selectFrom('automationJobs')
    .select('id')
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .where('enabled', '=', true)
    .limit(1)
    .executeTakeFirst();
  return job !== undefined;
}

async function announce(trx: Transaction, job: Job): Promise<void> {
  if (job.nextRun === null || job.nextRun.getTime() > Date.now() + SOON_MS) return;
  await sql`SELECT pg_notify(${JOBS_CHANGED}, '')`.execute(trx);
}
