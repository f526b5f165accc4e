import { openBreakerReason } from '@automation/domain';
import { sql } from 'kysely';

import { ensurePartitions, measureFunctionHealth, readBriefly } from './index.ts';
import { insertJob, insertOccurrences, openTestStore, type TestStore } from './test-store.fixture.ts';

const MINUTE_MS = 60_000;
const NOW = new Date();

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
  await ensurePartitions(store.db, NOW);
});

afterEach(() => sql`TRUNCATE automation_executions, automation_jobs`.execute(store.db));

afterAll(() => store.dispose());

const ago = (minutes: number) => new Date(NOW.getTime() - minutes * MINUTE_MS);
const sample = {
  accountId: 'acc',
  finishedFrom: ago(60),
  scheduled: { from: ago(24 * 60), to: ago(-1) },
  mostJobs: 10,
  mostExecutions: 100,
};
const measure = (overrides: Partial<typeof sample> = {}) =>
  readBriefly(store.db, 2_000, (trx) => measureFunctionHealth(trx, { ...sample, ...overrides }));

interface Invoked {
  ago: number;
  status: string;
  reason?: string;
  /** Null: it is open. */
  ms?: number | null;
  isTaken?: boolean;
}

/** A job of the function with executions that became so, each taken up when it was scheduled. */
async function insertInvoked(functionId: string, all: readonly Invoked[], job: { lastRun?: Date } = {}) {
  const { lastRun = NOW } = job;
  const inserted = await insertJob(store, { functionId }, { inFlight: all.length, lastRun });
  const executions = await insertOccurrences(
    store,
    inserted,
    all.map((each) => ago(each.ago)),
  );
  for (const [n, { status, reason = null, ms = 0, isTaken = true }] of all.entries())
    await sql`
      UPDATE automation_executions SET status = ${status}, reason = ${reason}, task_id = NULL,
        started_at = CASE WHEN ${isTaken}::boolean THEN due_at END, completed_at = due_at + ${ms} * interval '1 ms'
      WHERE id = ${executions[n]?.id}`.execute(store.db);
}

const nothing = {
  finished: 0,
  failed: 0,
  p50: null,
  p95: null,
  lastFailedAt: null,
  lastReason: null,
  waiting: 0,
};

test('functions are told by what came of their executions, the worst first', async () => {
  await insertInvoked('good', [
    { ago: 3, status: 'succeeded', ms: 10 },
    { ago: 2, status: 'declined', ms: 20 },
    { ago: 1, status: 'succeeded', ms: 30 },
  ]);
  await insertInvoked('bad', [
    { ago: 3, status: 'failed', ms: 0, reason: 'HTTP 500' },
    { ago: 2, status: 'timed_out', ms: 0, reason: 'timed out' },
    { ago: 1, status: 'succeeded', ms: 40 },
  ]);
  expect(await measure()).toEqual([
    {
      ...nothing,
      functionId: 'bad',
      finished: 3,
      failed: 2,
      p50: 0,
      p95: 40,
      lastFailedAt: ago(2),
      lastReason: 'timed out',
    },
    { ...nothing, functionId: 'good', finished: 3, p50: 20, p95: 30 },
  ]);
});

test('executions that wait for an open circuit breaker are counted, though they were due hours ago', async () => {
  const reason = openBreakerReason('fn');
  await insertInvoked(
    'fn',
    [
      { ago: 200, status: 'checking', reason, ms: null },
      { ago: 2, status: 'checking', reason, ms: null },
      { ago: 1, status: 'checking', ms: null },
    ],
    { lastRun: ago(300) },
  );
  expect(await measure()).toEqual([{ ...nothing, functionId: 'fn', waiting: 2 }]);
});

test('what finished earlier, was never taken up or is of another account does not count', async () => {
  await insertInvoked('fn', [
    { ago: 61, status: 'failed' },
    { ago: 2, status: 'skipped', isTaken: false },
  ]);
  expect(await measure()).toEqual([]);
  await insertInvoked('fn', [{ ago: 1, status: 'succeeded' }]);
  expect(await measure({ accountId: 'other' })).toEqual([]);
  expect(await measure()).toMatchObject([{ functionId: 'fn', finished: 1 }]);
});

const counts = async (most: Partial<typeof sample>) =>
  (await measure(most)).map(({ functionId, finished }) => [functionId, finished]);

test('of many executions the newest of each job are looked at, of many jobs those that ran last', async () => {
  const seven = [7, 6, 5, 4, 3, 2, 1].map((minutes) => ({ ago: minutes, status: 'succeeded' }));
  await insertInvoked('one', seven);
  await insertInvoked('two', seven, { lastRun: ago(10) });
  expect(await counts({ mostExecutions: 6 })).toEqual([
    ['one', 3],
    ['two', 3],
  ]);
  expect(await counts({ mostExecutions: 6, mostJobs: 1 })).toEqual([['one', 6]]);
});
