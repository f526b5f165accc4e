import { type Job, type Phase, settle } from '@automation/domain';
import { sql } from 'kysely';

import {
  type Database,
  ensurePartitions,
  executions,
  insertExecutions,
  jobs,
  leaseExecutions,
  lockDueJobs,
  countRecent,
  findNextDue,
  listFailingFunctions,
  listPausedByUs,
  listRecentExecutions,
  measureDispatchLag,
  measureDueBacklog,
  measureFunctionHealth,
  type Outcome,
  recordOutcomes,
  type Transaction,
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
const ACCOUNTS = 4;
const EXECUTIONS = 20_000;
/** The jobs that have a history, a thousand executions each. */
const JOBS_THAT_RAN = 20;
/** Days of history, today included. */
const DAYS = 5;

const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const firstDay = today - (DAYS - 1) * DAY_MS;
const history = Array.from({ length: DAYS }, (_, day) => partitionOf(firstDay + day * DAY_MS));

let store: TestStore;
/** The first of the jobs that have a history. */
let job: Job;

beforeAll(async () => {
  store = await openTestStore();
  await ensurePartitions(store.db, new Date(firstDay + DAY_MS));
  await ensurePartitions(store.db, new Date(today));
  job = await insertJob(store, { accountId: 'acc-0', name: 'job 0' }, { inFlight: 1_000 });
  await fillJobs();
  await fillExecutions();
  await sql`ANALYZE automation_jobs, automation_executions`.execute(store.db);
});

afterAll(() => store.dispose());

/** Copies the job, so that the copies have whatever columns jobs have; some are due, a tenth is paused. */
async function fillJobs(): Promise<void> {
  await sql`
    INSERT INTO automation_jobs
    SELECT copy.* FROM automation_jobs j, generate_series(1, ${JOBS - 1}::int) n,
      LATERAL jsonb_populate_record(j, jsonb_build_object(
        'id', overlay(j.id::text placing lpad(to_hex(n), 12, '0') from 25), 'name', 'job ' || n,
        'account_id', 'acc-' || n % ${ACCOUNTS}::int,
        'next_run', now() + (n - 2000) * interval '1 second')
      || CASE WHEN n % 10 = 0 THEN '{"enabled": false, "status": "paused", "next_run": null, "next_occurrence": null}' ELSE '{}' END::jsonb
    ) AS copy`.execute(store.db);
}

/** Copies one execution evenly over the days, for some of the jobs in turn. */
async function fillExecutions(): Promise<void> {
  await insertOccurrences(store, job, [new Date(firstDay)]);
  await sql`
    INSERT INTO automation_executions
    SELECT copy.* FROM automation_executions e, generate_series(1, ${EXECUTIONS - 1}::int) n,
      LATERAL (SELECT ${firstDay}::bigint + n * ${(DAYS * DAY_MS) / EXECUTIONS}::bigint AS ms) occurrence,
      LATERAL jsonb_populate_record(e, jsonb_build_object(
        'id', lpad(to_hex(ms), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'),
        'job_id', CASE n % ${JOBS_THAT_RAN}::int WHEN 0 THEN e.job_id::text
                  ELSE overlay(e.job_id::text placing lpad(to_hex(n % ${JOBS_THAT_RAN}::int), 12, '0') from 25) END,
        'scheduled_for', to_timestamp(ms / 1000.0))) AS copy`.execute(store.db);
}

function partitionOf(instant: number): string {
  return `automation_executions_p${new Date(instant).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

const planOfJobs = (work: (db: Database) => Promise<unknown>) => planOf(store.pool, 'automation_jobs', work);
const planOfExecutions = (work: (db: Database) => Promise<unknown>) =>
  planOf(store.pool, 'automation_executions', work);

/** Which partitions of the history a plan reads, and by what; those without rows are left out. */
const readsOfHistory = (reads: readonly string[]) =>
  reads.filter((read) => history.some((partition) => read.startsWith(`${partition} `)));
const by = (partitions: readonly string[], index: string) =>
  partitions.map((partition) => `${partition} by ${partition}_${index}`);

const within = (db: Database, read: (trx: Transaction) => Promise<unknown>) => db.transaction().execute(read);

/** Executions of yesterday and today that are in the ledger; the plans of the days between them show all of both. */
async function insertOfTwoDays() {
  const instants = [today - DAY_MS + 1, today - DAY_MS + 2, today + 1, today + 2];
  const ofEachDay = instants.map((instant) => new Date(instant));
  await sql`DELETE FROM automation_executions WHERE scheduled_for = ANY(${ofEachDay}::timestamptz[])`.execute(
    store.db,
  );
  return insertOccurrences(store, job, ofEachDay);
}

function failureOf({ id, taskId }: { id: string; taskId: string }): Outcome {
  const at = new Date();
  const phase: Phase = 'check';
  const attempt = {
    executionId: id,
    jobId: job.id,
    phase,
    number: 1,
    retryLimit: 0,
    timeoutMs: 30_000,
    payload: {},
    input: {},
  };
  const settlement = settle(
    { ...attempt, startedAt: at, completedAt: at },
    { kind: 'rejected', httpStatus: 400, error: 'HTTP 400', output: {}, logs: [] },
  );
  return { executionId: id, jobId: job.id, taskId, taskAttempt: 0, settlement, nextTaskId: null };
}

test('the database is filled as the plans need it', async () => {
  const { rows } = await sql<{ partition: string; count: number; jobs: number }>`
    SELECT tableoid::regclass::text AS partition, count(*), count(DISTINCT job_id) AS jobs
    FROM automation_executions GROUP BY 1 ORDER BY 1`.execute(store.db);
  expect(rows).toEqual(
    history.map((partition) => ({ partition, count: EXECUTIONS / DAYS, jobs: JOBS_THAT_RAN })),
  );
  const { rows: accounts } = await sql<{ count: number; enabled: number }>`
    SELECT count(*), count(*) FILTER (WHERE enabled) AS enabled FROM automation_jobs
    GROUP BY account_id`.execute(store.db);
  expect(accounts.map((account) => account.count)).toEqual(Array(ACCOUNTS).fill(JOBS / ACCOUNTS));
  expect(accounts.reduce((sum, account) => sum + account.enabled, 0)).toBe((JOBS * 9) / 10 + 1);
});

describe.each([
  { search: 'search', from: null },
  { search: 'search from a low-water mark on', from: new Date() },
])('each $search for due jobs', ({ from }) => {
  test('that claims them walks along their index, without a sort', async () => {
    const plan = await planOfJobs((db) =>
      db.transaction().execute((trx) => lockDueJobs(trx, { limit: 100, from, timeoutMs: 2_000 })),
    );
    expect(plan).toMatchObject({
      reads: ['automation_jobs by automation_jobs_due'],
      steps: ['Limit', 'LockRows', 'Index Scan'],
    });
  });

  test('that waits for the next one reads the first entry of their index', async () => {
    const plan = await planOfJobs((db) => findNextDue(db, from));
    expect(plan.reads).toEqual(['automation_jobs by automation_jobs_due']);
    expect(plan.steps).toContain('Limit');
    expect(plan.steps.some((step) => /^Index (Only )?Scan$/.test(step))).toBe(true);
    expect(plan.steps).not.toContain('Sort');
  });
});

test('the count of due jobs reads so many of the first entries of their index, and no more', async () => {
  const plan = await planOfJobs((db) => db.transaction().execute((trx) => measureDueBacklog(trx, 100)));
  expect(plan.reads).toEqual(['automation_jobs by automation_jobs_due']);
  expect(plan.steps).toEqual(['Aggregate', 'Limit', expect.stringMatching(/^Index (Only )?Scan$/)]);
});

test.each([
  { page: 'first', offset: null },
  { page: 'next', offset: 300 },
])('the $page page of a listing of jobs walks along an index, without a sort', async ({ offset }) => {
  const filter = { accountId: 'acc-3', limit: 100 };
  const before = offset === null ? [] : await jobs.list(store.db, { ...filter, limit: offset });
  const plan = await planOfJobs((db) => jobs.list(db, { ...filter, cursor: before.at(-1)?.id }));
  const listing = 'automation_jobs by automation_jobs_listing';
  const ofCursor = 'automation_jobs by automation_jobs_pkey';
  expect(plan.reads.toSorted()).toEqual(offset === null ? [listing] : [listing, ofCursor]);
  expect(plan.steps).not.toContain('Sort');
});

test('a page of a listing by name walks along the index of names', async () => {
  const order = { sort: 'name', order: 'asc' } as const;
  const [first] = await jobs.list(store.db, { accountId: 'acc-3', limit: 1, order });
  const filter = { accountId: 'acc-3', limit: 100, order, cursor: first?.id };
  const plan = await planOfJobs((db) => jobs.list(db, filter));
  expect(plan.reads).toContain('automation_jobs by automation_jobs_name');
  expect(plan.steps).toContain('Incremental Sort');
});

test('a job is found by its primary key', async () => {
  const plan = await planOfJobs((db) => jobs.find(db, job.id));
  expect(plan).toMatchObject({ reads: ['automation_jobs by automation_jobs_pkey'], steps: ['Index Scan'] });
});

test('the first page of the history merges the index of each partition, without a sort', async () => {
  const plan = await planOfExecutions((db) => executions.list(db, { jobId: job.id, limit: 50 }));
  expect(readsOfHistory(plan.reads)).toEqual(by(history, 'job_id_scheduled_for_key'));
  expect(plan.steps.slice(plan.steps.indexOf('Limit')).slice(0, 2)).toEqual(['Limit', 'Merge Append']);
  expect(plan.steps).not.toContain('Sort');
});

test('the next page of the history does as well, and reads its cursor in the partition of its day', async () => {
  const before = await executions.list(store.db, { jobId: job.id, limit: 500 });
  const plan = await planOfExecutions((db) =>
    executions.list(db, { jobId: job.id, limit: 50, cursor: before.at(-1)?.id }),
  );
  const [cursor, ...page] = readsOfHistory(plan.reads);
  expect(cursor).toBe(by([partitionOf(before.at(-1)!.scheduledFor.getTime())], 'pkey')[0]);
  expect(page).toEqual(by(history, 'job_id_scheduled_for_key'));
  expect(plan.steps).toContain('Merge Append');
  expect(plan.steps).not.toContain('Sort');
});

test('recent executions of jobs are walked back day by day, and no further than each job needs', async () => {
  const { rows } = await sql<{ jobId: string }>`SELECT DISTINCT job_id FROM automation_executions`.execute(
    store.db,
  );
  const recent = { accountId: 'acc-0', jobIds: rows.map(({ jobId }) => jobId), count: 20 };
  const plan = await planOfExecutions((db) =>
    listRecentExecutions(db, { ...recent, from: new Date(firstDay), to: new Date(today + DAY_MS) }),
  );
  expect(readsOfHistory(plan.reads)).toEqual(by(history.toReversed(), 'job_id_scheduled_for_key'));
  expect(plan.steps.join()).toMatch(/,Limit,Append,Index Scan/);
});

test("the health of functions is read off the account's jobs and the days in question", async () => {
  const scheduled = { from: new Date(today - DAY_MS), to: new Date(today + DAY_MS) };
  const most = { mostJobs: 100, mostExecutions: 1_000 };
  const plan = await planOfExecutions((db) =>
    within(db, (trx) =>
      measureFunctionHealth(trx, { accountId: 'acc-0', finishedFrom: new Date(), scheduled, ...most }),
    ),
  );
  expect(readsOfHistory(plan.reads)).toEqual(
    by([partitionOf(today), partitionOf(today - DAY_MS)], 'job_id_scheduled_for_key'),
  );
  expect(plan.steps.join()).toMatch(/,Limit,.*Append,Index Scan/);
});

test('an execution is found by its id in the one partition of its day', async () => {
  const [newest] = await executions.list(store.db, { jobId: job.id, limit: 1 });
  const plan = await planOfExecutions((db) => executions.find(db, newest!.id));
  expect(plan).toMatchObject({ reads: by([partitionOf(today)], 'pkey'), steps: ['Index Scan'] });
});

test('a lease reads the partitions of the days of its executions, by id', async () => {
  const leased = await insertOfTwoDays();
  const plan = await planOfExecutions((db) =>
    leaseExecutions(
      db,
      leased.map(({ id, taskId }) => ({ taskId, taskAttempt: 0, executionIds: [id] })),
    ),
  );
  const days = by([partitionOf(today - DAY_MS), partitionOf(today)], 'pkey');
  // Once to lock them in order, and once to write them.
  expect(plan.reads.slice(0, 5)).toEqual([...days, ...days, 'automation_jobs by automation_jobs_pkey']);
  expect(plan.reads.slice(5)).toEqual([expect.stringMatching(/^functions by /)]);
});

test('recording reads the partitions of the days of its executions, and jobs by their primary key', async () => {
  const recorded = await insertOfTwoDays();
  const plan = await planOfExecutions((db) =>
    db.transaction().execute((trx) => recordOutcomes(trx, recorded.map(failureOf))),
  );
  const days = by([partitionOf(today - DAY_MS), partitionOf(today)], 'pkey');
  const jobsById = 'automation_jobs by automation_jobs_pkey';
  const whoWantsEvents = expect.stringMatching(/^automation_event_settings by /);
  expect(plan.reads).toEqual([jobsById, ...days, ...days, jobsById, whoWantsEvents]);
});

describe('an overview', () => {
  const sample = { from: new Date(today - DAY_MS / 2), to: new Date(today + DAY_MS / 2), limit: 100 };

  test.each<[string, (db: Database) => Promise<unknown>]>([
    ['what became of executions', (db) => within(db, (trx) => countRecent(trx, sample, sample.from))],
    ['how late they were', (db) => within(db, (trx) => measureDispatchLag(trx, sample))],
    ['which functions fail', (db) => within(db, (trx) => listFailingFunctions(trx, sample, 10))],
  ])('reads %s off the newest ones of its days, by id and without a sort of them', async (_what, read) => {
    const plan = await planOfExecutions(read);
    expect(readsOfHistory(plan.reads)).toEqual(by([partitionOf(today - DAY_MS), partitionOf(today)], 'pkey'));
    expect(plan.steps.join()).toMatch(/(^|,)Limit,(Merge )?Append,Index Scan,Index Scan(,|$)/);
  });

  test('reads the jobs that we have paused off an index of them alone', async () => {
    const plan = await planOfJobs((db) =>
      within(db, (trx) => listPausedByUs(trx, { limit: 20, countLimit: 1_000 })),
    );
    expect(plan.reads).toEqual(['automation_jobs by automation_jobs_paused_by_us']);
    expect(plan.steps).toEqual(['Limit', 'Index Scan']);
  });
});

test('writing into the ledger reads no table: the unique index decides what is new', async () => {
  const occurrences = [1, 2, 3].map((n) => claimed(job, new Date(today + n * 7)));
  const plan = await planOfExecutions((db) =>
    db.transaction().execute((trx) => insertExecutions(trx, occurrences)),
  );
  expect(plan).toMatchObject({ reads: [], arbiters: ['automation_executions_job_id_scheduled_for_key'] });
});
