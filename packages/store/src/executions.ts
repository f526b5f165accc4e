import type { Execution, ExecutionStatus } from '@automation/domain';
import { type Selectable, sql } from 'kysely';

import type { Database, Transaction } from './database.ts';
import { scheduledWithin } from './id-range.ts';
import type { SortOrder } from './job-order.ts';
import { bytesOf, readPage } from './page-bytes.ts';
import { fromStored } from './phase-record.ts';
import type { ExecutionsTable } from './tables.ts';

export interface ExecutionFilter {
  jobId: string;
  limit: number;
  /** Id of the last execution of the page before. */
  cursor?: string | undefined;
  status?: ExecutionStatus | undefined;
  /** By when they were scheduled for; newest first unless told otherwise. */
  order?: SortOrder | undefined;
}

const COLUMNS = [
  'id',
  'jobId',
  'accountId',
  'functionId',
  'trigger',
  'scheduledFor',
  'status',
  'reason',
  'checkResult',
  'performResult',
  'createdAt',
  'startedAt',
  'completedAt',
] as const;

type ExecutionRow = Pick<Selectable<ExecutionsTable>, (typeof COLUMNS)[number]>;

/** The execution of that id, whosever it is. */
export async function find(db: Database, id: string): Promise<Execution | undefined> {
  const row = await db
    .selectFrom('automationExecutions')
    .select(COLUMNS)
    .where('id', '=', id)
    .where(scheduledWithin(sql`scheduled_for`, [id]))
    .executeTakeFirst();
  return row && toExecution(row);
}

/** A page of a job's executions: as many as were asked for at most, and fewer, though others follow, if they are large. */
export async function list(db: Database, filter: ExecutionFilter): Promise<Execution[]> {
  const { jobId, status, cursor, limit, order = 'desc' } = filter;
  const after = order === 'asc' ? '>' : '<';
  let query = db.selectFrom('automationExecutions').select(COLUMNS).where('jobId', '=', jobId);
  if (status !== undefined) query = query.where('status', '=', status);
  if (cursor !== undefined) query = query.where('scheduledFor', after, scheduledForOf(cursor));
  const page = query
    .select(bytesOf('check_result', 'perform_result').as('bytes'))
    .orderBy('scheduledFor', order)
    .limit(limit);
  const rows = await readPage<ExecutionRow>(db, page, {
    columns: COLUMNS,
    order: sql`scheduled_for ${sql.raw(order)}`,
  });
  return rows.map(toExecution);
}

/**
 * Writes a manual run into the ledger. Its scheduled_for is never on a whole millisecond, where occurrences are, so it
 * can't take the place of one. The transaction holds the job's row, so that no other run takes the same place.
 */
export async function insertManual(
  trx: Transaction,
  run: {
    id: string;
    jobId: string;
    accountId: string;
    functionId: string;
    requestedAt: Date;
    taskId: string;
  },
): Promise<Execution> {
  const { requestedAt, ...columns } = run;
  const scheduledFor = sql<Date>`(
    SELECT coalesce(max(e.scheduled_for), ${requestedAt}::timestamptz) + interval '1 microsecond'
    FROM automation_executions e
    WHERE e.job_id = ${run.jobId} AND e.scheduled_for >= ${requestedAt}::timestamptz
      AND e.scheduled_for < ${requestedAt}::timestamptz + interval '1 millisecond')`;
  const row = await trx
    .insertInto('automationExecutions')
    .values({
      ...columns,
      trigger: 'manual',
      status: 'pending',
      scheduledFor,
      dueAt: requestedAt,
      reason: null,
      taskAttempt: null,
      performInput: null,
      checkResult: null,
      performResult: null,
      startedAt: null,
      completedAt: null,
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
  await trx
    .updateTable('automationJobs')
    .set(({ eb }) => ({ inFlight: eb('inFlight', '+', 1) }))
    .where('id', '=', run.jobId)
    .execute();
  return toExecution(row);
}

/** With its microseconds, which a JavaScript date would lose. */
function scheduledForOf(id: string) {
  return sql<Date>`(SELECT c.scheduled_for FROM automation_executions c
                    WHERE c.id = ${id} AND ${scheduledWithin(sql`c.scheduled_for`, [id])})`;
}

function toExecution(row: ExecutionRow): Execution {
  const { checkResult, performResult, ...execution } = row;
  return {
    ...execution,
    check: checkResult && fromStored(checkResult),
    perform: performResult && fromStored(performResult),
  };
}
