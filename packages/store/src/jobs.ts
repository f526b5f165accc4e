import type { AuditLogEntry, Job, JobStatus } from '@automation/domain';
import { sql } from 'kysely';

import * as auditLog from './audit-log.ts';
import type { Database, Transaction } from './database.ts';
import * as functions from './functions.ts';
import * as jobCounts from './job-counts.ts';
import { folded, following, inOrder, type JobOrder, NEWEST_FIRST } from './job-order.ts';
import { WRITE_CREATED } from './outbox.ts';
import { bytesOf, readPage } from './page-bytes.ts';
import { columnsOf, statement } from './statement.ts';
import * as timetables from './timetables.ts';
import { mapUniqueViolation } from './unique-violation.ts';

/** Channel on which schedulers hear that a job is due sooner than they may expect. */
export const JOBS_CHANGED = 'automation_jobs_changed';
const ANNOUNCE = `pg_notify('${JOBS_CHANGED}', '')`;

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
  /** Of these ids alone. */
  ids?: readonly string[] | undefined;
  /** Text that the name contains, whatever its case. */
  q?: string | undefined;
  /** The newest first, unless it says otherwise. */
  order?: JobOrder | undefined;
}

/** What is read of a job as it is stored. */
const AS_STORED = [
  'id',
  'accountId',
  'functionId',
  'name',
  'description',
  'schedule',
  'timezone',
  'anchor',
  'status',
  'statusReason',
  'enabled',
  'runCount',
  'maxRuns',
  'consecutiveFailures',
  'inFlight',
  'waiting',
  'lastRun',
  'nextRun',
  'nextOccurrence',
  'payload',
  'metadata',
  'overlapPolicy',
  'catchUpPolicy',
  'catchUpWindowSeconds',
  'jitterSeconds',
  'startAt',
  'endAt',
  'retryLimit',
  'timeoutSeconds',
  'pauseAfterFailures',
  'version',
  'createdAt',
  'updatedAt',
] as const;

/** Every column of a job. */
const KEYS = [...AS_STORED, 'checkCount'] as const satisfies readonly (keyof Job)[];

/** The row has the checks of executions that are over; those whose performs are under way are counted by whoever reads. */
const CHECK_COUNT =
  'check_count + CASE WHEN in_flight > waiting THEN automation_checks_under_way(id) ELSE 0 END';

function selectJobs(db: Database) {
  return db
    .selectFrom('automationJobs')
    .select(AS_STORED)
    .select(sql<number>`${sql.raw(CHECK_COUNT)}`.as('checkCount'));
}

/**
 * Stores a new job, with its entry in the audit log, if the account has less than `most` jobs; answers whether it has. Throws
 * CONFLICT if its name is taken in the account.
 */
export async function insert(db: Database, job: Job, entry: AuditLogEntry, most: number): Promise<boolean> {
  return insertIfCounted(inserts, db, { job, entry, most });
}

/** The same if the account also has the job's function, which isn't deleted meanwhile; answers whether it has both. */
export async function insertWithFunction(
  db: Database,
  job: Job,
  entry: AuditLogEntry,
  most: number,
): Promise<boolean> {
  return insertIfCounted(insertsIfHeld, db, { job, entry, most });
}

const ANYTHING = '(SELECT) AS anything';
const HELD = `(${functions.holding(parameter('accountId'), parameter('functionId'))}) AS held`;

const inserts = insertsFor(ANYTHING);
const insertsIfHeld = insertsFor(HELD);

function insertsFor(source: string) {
  return { atOnce: insertFor(source, 'skip'), afterWaiting: insertFor(source, 'wait') };
}

/**
 * Counts and stores a job, its timetable and what the audit log says of it if there is a row in `source`: in one statement,
 * where a transaction makes seven.
 */
function insertFor(source: string, contention: jobCounts.Contention) {
  const isToBeAnnounced = `$${KEYS.length + 1}::boolean`;
  const most = `$${KEYS.length + 3}::integer`;
  return statement(`
    WITH ${jobCounts.counting({ accountId: parameter('accountId'), most, source }, contention)}, job AS (
      INSERT INTO automation_jobs (${columnsOf(KEYS)})
      SELECT ${KEYS.map(parameter).join(', ')} FROM counted
      RETURNING id AS job_id, created_at AS after_at, schedule, timezone, anchor, start_at, end_at, enabled,
                account_id, status
    ), timetable AS (
      ${timetables.OPEN} job WHERE enabled
    ), event AS (
      ${WRITE_CREATED} job
    ), entries AS (
      ${auditLog.writing(`$${KEYS.length + 2}`)} WHERE EXISTS (SELECT FROM job)
    )
    SELECT CASE WHEN ${isToBeAnnounced} THEN ${ANNOUNCE} END FROM job`);
}

function parameter(key: (typeof KEYS)[number]): string {
  return `$${KEYS.indexOf(key) + 1}`;
}

interface NewJobRow {
  job: Job;
  entry: AuditLogEntry;
  most: number;
}

async function insertIfCounted(
  { atOnce, afterWaiting }: ReturnType<typeof insertsFor>,
  db: Database,
  row: NewJobRow,
): Promise<boolean> {
  if (await runInsert(atOnce, db, row)) return true;
  // Others may hold the counts that have room, or the account has none yet.
  await jobCounts.open(db, row.job.accountId);
  return runInsert(afterWaiting, db, row);
}

async function runInsert(
  insertion: ReturnType<typeof insertFor>,
  db: Database,
  { job, entry, most }: NewJobRow,
): Promise<boolean> {
  const parameters = [...KEYS.map((key) => job[key]), isDueSoon(job), auditLog.asParameter([entry]), most];
  const inserted = await mapUniqueViolation(insertion(db, parameters), 'automation_jobs_name', job.name);
  return inserted.length > 0;
}

/** The job of that id, whosever it is. */
export async function find(db: Database, id: string): Promise<Job | undefined> {
  const [job] = await findOne(db, [id]);
  return job;
}

const findOne = statement<Job>(
  `SELECT ${columnsOf(AS_STORED)}, ${CHECK_COUNT} AS check_count FROM automation_jobs WHERE id = $1`,
);

/** The jobs of those ids, whosever they are. */
export async function findAll(db: Database, ids: readonly string[]): Promise<Job[]> {
  if (ids.length === 0) return [];
  return selectJobs(db).where('id', 'in', ids).execute();
}

/** Like `find`, and holds the row until the transaction ends. */
export async function findForUpdate(trx: Transaction, id: string): Promise<Job | undefined> {
  return selectJobs(trx).where('id', '=', id).forUpdate().executeTakeFirst();
}

/** A page of an account's jobs: as many as were asked for at most, and fewer, though others follow, if they are large. */
export async function list(db: Database, filter: JobFilter): Promise<Job[]> {
  const { accountId, cursor, status, enabled, functionId, ids, q, order = NEWEST_FIRST } = filter;
  let query = selectJobs(db).where('accountId', '=', accountId);
  if (cursor !== undefined) query = query.where(following(order, { accountId, id: cursor }));
  if (status !== undefined) query = query.where('status', '=', status);
  if (enabled !== undefined) query = query.where('enabled', '=', enabled);
  if (functionId !== undefined) query = query.where('functionId', '=', functionId);
  if (ids !== undefined) query = query.where('id', 'in', ids);
  if (q !== undefined)
    query = query.where(sql<boolean>`position(${folded(sql`${q}`)} in ${folded(sql`name`)}) > 0`);
  const page = query
    .select(bytesOf('payload', 'metadata', 'description').as('bytes'))
    .orderBy(inOrder(order))
    .limit(filter.limit);
  return readPage<Job>(db, page, { columns: KEYS, order: inOrder(order) });
}

/** Writes a job whose row the transaction holds. Throws CONFLICT if its new name is taken in the account. */
export async function update(trx: Transaction, job: Job): Promise<void> {
  const { id, accountId: _owner, createdAt: _born, runCount: _runs, checkCount: _checks, ...changes } = job;
  await mapUniqueViolation(
    trx.updateTable('automationJobs').set(changes).where('id', '=', id).execute(),
    'automation_jobs_name',
    job.name,
  );
  if (isDueSoon(job)) await sql`SELECT ${sql.raw(ANNOUNCE)}`.execute(trx);
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

function isDueSoon({ nextRun }: Job): boolean {
  return nextRun !== null && nextRun.getTime() <= Date.now() + SOON_MS;
}
