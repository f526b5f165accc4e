import type { Job } from '@automation/domain';
import { sql } from 'kysely';

import {
  countUntimely,
  type Database,
  ensurePartitions,
  jobsWaitingForNobody,
  recount,
  replaceTasks,
  scanCounts,
  scanOpen,
  tasksInUse,
} from './index.ts';
import { planOf } from './query-plan.fixture.ts';
import {
  claimed,
  insertJob,
  insertOccurrences,
  openTestStore,
  type TestStore,
} from './test-store.fixture.ts';

const DAY_MS = 86_400_000;
const JOBS = 20_000;
const EXECUTIONS = 30_000;
/** Of so many executions one is open, and waits. */
const OPEN_EVERY = 10;
const DAYS = 3;

let store: TestStore;
let job: Job;
let emptyPartitions: string[];

beforeAll(async () => {
  store = await openTestStore();
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  await ensurePartitions(store.db, new Date(today));
  job = await insertJob(store, { name: 'job 0' });
  await fill(today);
  const { rows } = await sql<{ name: string }>`
    SELECT relname AS name FROM pg_class
    WHERE starts_with(relname, 'automation_executions') AND relkind = 'r' AND reltuples <= 0`.execute(
    store.db,
  );
  emptyPartitions = rows.map(({ name }) => name);
});

afterAll(() => store.dispose());

/** Many jobs that run in time, and a history of which little is open. */
async function fill(today: number): Promise<void> {
  await sql`
    INSERT INTO automation_jobs
    SELECT copy.* FROM automation_jobs j, generate_series(1, ${JOBS - 1}::int) n,
      LATERAL jsonb_populate_record(j, jsonb_build_object(
        'id', overlay(j.id::text placing lpad(to_hex(n), 12, '0') from 25), 'name', 'job ' || n,
        'next_run', now() + n * interval '1 second')) AS copy`.execute(store.db);
  await insertOccurrences(store, job, [new Date(today)]);
  await sql`
    INSERT INTO automation_executions
    SELECT copy.* FROM automation_executions e, generate_series(1, ${EXECUTIONS - 1}::int) n,
      LATERAL (SELECT ${today - DAY_MS}::bigint + n * ${(DAYS * DAY_MS) / EXECUTIONS}::bigint AS ms) occurrence,
      LATERAL jsonb_populate_record(e, jsonb_build_object(
        'id', lpad(to_hex(ms), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'),
        'job_id', overlay(e.job_id::text placing lpad(to_hex(n % 1000), 12, '0') from 25),
        'scheduled_for', to_timestamp(ms / 1000.0), 'created_at', now() - interval '1 hour',
        'task_id', CASE WHEN n % ${OPEN_EVERY}::int = 0 THEN e.task_id END,
        'completed_at', CASE WHEN n % ${OPEN_EVERY}::int > 0 THEN now() END)) AS copy`.execute(store.db);
  await sql`
    INSERT INTO automation_waiting_executions (job_id, scheduled_for, execution_id)
    SELECT job_id, scheduled_for, id FROM automation_executions WHERE completed_at IS NULL`.execute(store.db);
  await sql`ANALYZE`.execute(store.db);
}

type Work = (db: Database) => Promise<unknown>;

/** How a statement reads tables, no matter which partition; those without rows are left out. */
async function readsOf(work: Work, table = 'automation_executions'): Promise<string[]> {
  const { reads } = await planOf(store.pool, table, work);
  const filled = reads.filter(
    (read) => !emptyPartitions.some((partition) => read.startsWith(`${partition} `)),
  );
  return [...new Set(filled.map((read) => read.replaceAll(/_p\d{8}(?=[_ ])/g, '')))].toSorted();
}

const inTransaction = (work: (trx: Parameters<typeof recount>[0]) => Promise<unknown>): Work => {
  return (db) => db.transaction().execute(work);
};

const BY_OPEN = 'automation_executions by automation_executions_job_id_id_idx';
const BY_ID = 'automation_executions by automation_executions_pkey';
const BY_JOB = 'automation_jobs by automation_jobs_pkey';
const BY_DUE = 'automation_jobs by automation_jobs_due';

test.each([
  { of: 'the first open executions', after: false },
  { of: 'the open executions after others', after: true },
])('$of are read off the index of the open ones', async ({ after }) => {
  const position = after ? { id: job.id, jobId: job.id } : null;
  const reads = await readsOf((db) => scanOpen(db, position, 500));
  expect(reads.filter((read) => !read.startsWith('automation_waiting'))).toEqual([BY_OPEN]);
});

test("each job's count is read off the index of the open ones, the jobs by their key", async () => {
  const reads = await readsOf((db) => scanCounts(db, job.id, 500));
  expect(reads).toEqual([
    BY_OPEN,
    BY_JOB,
    'automation_waiting_executions by automation_waiting_executions_pkey',
  ]);
});

test('of the jobs that have not run in time only those are read', async () => {
  expect(await readsOf((db) => countUntimely(db, 500), 'automation_jobs')).toEqual([BY_DUE]);
});

test('the executions of tasks are found by their ids', async () => {
  const tasks = [{ id: job.id, executionIds: [claimed(job, new Date()).id] }];
  expect(await readsOf((db) => tasksInUse(db, tasks))).toEqual([BY_ID]);
});

test('executions get new tasks by their ids', async () => {
  const { id } = claimed(job, new Date());
  const replacement = { id, lostTaskId: null, taskId: job.id };
  expect(await readsOf(inTransaction((trx) => replaceTasks(trx, [replacement])))).toEqual([BY_ID]);
});

test('a job is counted anew by the index of the open ones', async () => {
  const reads = await readsOf(inTransaction((trx) => recount(trx, job.id)));
  expect(reads).toEqual(expect.arrayContaining([BY_OPEN, BY_JOB]));
  expect(reads.filter((read) => read.endsWith('Seq Scan'))).toEqual([]);
});

test('of what waits only the index is read', async () => {
  const reads = await readsOf((db) => jobsWaitingForNobody(db, 500), 'automation_waiting_executions');
  expect(reads).toEqual([BY_JOB, 'automation_waiting_executions by automation_waiting_executions_pkey']);
});
