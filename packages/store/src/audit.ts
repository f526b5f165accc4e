import type { AuditedJob, AuditWindow, ExecutionStatus } from '@automation/domain';
import { sql } from 'kysely';

import type { Database, Transaction } from './database.ts';
import { oldestHistory } from './partitions.ts';
import { readBrieflyIn } from './read-briefly.ts';

const ROWS_OF_A_FETCH = 2_000;

/** When a snapshot was taken, and how far back it reaches. */
export interface HistoryBounds {
  /** The database's clock. */
  now: Date;
  /** The first instant of which the history is whole; null if nothing could be written yet. */
  historyFrom: Date | null;
}

/**
 * Reads the ledger as it is at one instant, whatever is written meanwhile. Throws UNAVAILABLE if a statement takes longer
 * than so many ms.
 */
export async function readLedger<T>(
  db: Database,
  timeoutMs: number,
  read: (trx: Transaction, bounds: HistoryBounds) => Promise<T>,
): Promise<T> {
  const snapshot = db.transaction().setIsolationLevel('repeatable read');
  return readBrieflyIn(snapshot, timeoutMs, async (trx) => {
    // Before the snapshot is taken: a partition that it has is not dropped while it is read.
    await sql`LOCK TABLE automation_executions IN ACCESS SHARE MODE`.execute(trx);
    const { rows } = await sql<{ now: Date }>`SELECT now()`.execute(trx);
    return read(trx, { now: rows[0]?.now ?? new Date(0), historyFrom: await oldestHistory(trx) });
  });
}

export interface ExecutionCount {
  status: ExecutionStatus;
  isManual: boolean;
  count: number;
}

/** The executions of one job, or of all (null), in a window, by what became of them. */
export async function countExecutions(
  trx: Transaction,
  { from, to }: AuditWindow,
  jobId: string | null,
): Promise<ExecutionCount[]> {
  const { rows } = await sql<ExecutionCount>`
    SELECT status, trigger = 'manual' AS is_manual, count(*) AS count
    FROM automation_executions
    WHERE ${ofJob(jobId)} AND scheduled_for >= ${from} AND scheduled_for < ${to}
    GROUP BY status, trigger = 'manual'`.execute(trx);
  return rows;
}

/** Milliseconds. */
export interface Lateness {
  p50: number;
  p95: number;
  max: number;
}

/**
 * How much later than due executions were first taken up by a worker, manual ones aside; null if none was. Whole
 * milliseconds are counted first, which takes far less time than to sort the executions.
 */
export async function measureLateness(
  trx: Transaction,
  { from, to }: AuditWindow,
  jobId: string | null,
): Promise<Lateness | null> {
  const { rows } = await sql<Record<keyof Lateness, number | null>>`
    WITH late AS (
      SELECT round(date_part('epoch', started_at - due_at) * 1000) AS ms, count(*) AS count
      FROM automation_executions
      WHERE ${ofJob(jobId)} AND scheduled_for >= ${from} AND scheduled_for < ${to}
        AND trigger <> 'manual' AND started_at IS NOT NULL
      GROUP BY 1
    ),
    ranked AS (SELECT ms, sum(count) OVER (ORDER BY ms) AS rank, sum(count) OVER () AS total FROM late)
    SELECT min(ms) FILTER (WHERE rank >= total * 0.5) AS p50, min(ms) FILTER (WHERE rank >= total * 0.95) AS p95,
           max(ms) AS max
    FROM ranked`.execute(trx);
  const { p50, p95, max } = rows[0] ?? { p50: null, p95: null, max: null };
  return p50 === null || p95 === null || max === null ? null : { p50, p95, max };
}

function ofJob(jobId: string | null) {
  return jobId === null ? sql`true` : sql`job_id = ${jobId}`;
}

export type StoredAuditedJob = AuditedJob & { id: string };

/** The job of an id, and by which timetables it was active in a window. */
export async function findAudited(
  trx: Transaction,
  id: string,
  window: AuditWindow,
): Promise<StoredAuditedJob | undefined> {
  const jobs = await selectJobs(trx).where('id', '=', id).execute();
  return (await withSpans(trx, jobs, window))[0];
}

/** The jobs after an id (null: from the first one on) in the order of their ids, as `findAudited` answers them. */
export async function listAudited(
  trx: Transaction,
  page: { after: string | null; limit: number },
  window: AuditWindow,
): Promise<StoredAuditedJob[]> {
  let query = selectJobs(trx).orderBy('id').limit(page.limit);
  if (page.after !== null) query = query.where('id', '>', page.after);
  return withSpans(trx, await query.execute(), window);
}

function selectJobs(trx: Transaction) {
  return trx.selectFrom('automationJobs').select(['id', 'nextOccurrence']);
}

async function withSpans(
  trx: Transaction,
  jobs: readonly Omit<StoredAuditedJob, 'spans'>[],
  { from, to }: AuditWindow,
): Promise<StoredAuditedJob[]> {
  if (jobs.length === 0) return [];
  const ids = jobs.map(({ id }) => id);
  const spans = await trx
    .selectFrom('automationTimetables')
    .select(['jobId', 'afterAt as after', 'untilAt as until'])
    .select(['schedule', 'timezone', 'anchor', 'startAt', 'endAt'])
    .where('jobId', '=', sql<string>`ANY(${ids}::uuid[])`)
    .where('afterAt', '<', to)
    .where((eb) => eb.or([eb('untilAt', 'is', null), eb('untilAt', '>=', from)]))
    .orderBy('afterAt')
    .execute();
  const byJob = Map.groupBy(spans, ({ jobId }) => jobId);
  return jobs.map((job) => ({ ...job, spans: byJob.get(job.id) ?? [] }));
}

/** An execution, or, with an end and a count, missed occurrences. Instants are milliseconds since the epoch. */
export interface LedgerEntry {
  job: string;
  from: number;
  to: number | null;
  count: number | null;
}

/**
 * The entries in a window of the jobs from one id to another, both included, ordered by job and by the occurrence that an
 * entry is of or begins with; manual runs are none. They come some thousand at a time; a transaction reads one such stream
 * after the other.
 */
export async function* streamEntries(
  trx: Transaction,
  jobs: { first: string; last: string },
  window: AuditWindow,
): AsyncGenerator<LedgerEntry[]> {
  // Row by row through kysely's plugins a million of them would take seconds.
  const plain = trx.withoutPlugins();
  await openEntries(plain, jobs, window);
  for (;;) {
    const { rows } = await sql<LedgerEntry>`FETCH ${sql.lit(ROWS_OF_A_FETCH)} FROM entries`.execute(plain);
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS_OF_A_FETCH) return;
  }
}

/** By SQL, and not by the protocol: each fetch is a statement then, with a time of its own. */
async function openEntries(
  plain: Transaction,
  jobs: { first: string; last: string },
  { from, to }: AuditWindow,
): Promise<void> {
  const within = sql`job_id BETWEEN ${jobs.first} AND ${jobs.last}`;
  // The last one, which its reader need not have read to its end.
  await sql`CLOSE ALL`.execute(plain);
  // Planned for all of its rows, not for the first of them.
  await sql`SET LOCAL cursor_tuple_fraction = 1`.execute(plain);
  await sql`
    DECLARE entries NO SCROLL CURSOR FOR
    SELECT job_id AS job, ${epochMs('scheduled_for')} AS "from", NULL::float8 AS "to", NULL::float8 AS count
    FROM automation_executions
    WHERE ${within} AND scheduled_for >= ${from} AND scheduled_for < ${to} AND trigger <> 'manual'
    UNION ALL
    SELECT job_id, ${epochMs('from_at')}, ${epochMs('to_at')}, count::float8
    FROM automation_missed_runs
    WHERE ${within} AND to_at >= ${from} AND from_at < ${to}
    ORDER BY job, "from"`.execute(plain);
}

/** Numbers are read several times faster than dates, and keep the microseconds, which no occurrence has. */
function epochMs(column: string) {
  return sql`round(date_part('epoch', ${sql.ref(column)}) * 1000000) / 1000`;
}
