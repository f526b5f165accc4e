import { newId, type Job } from '@automation/domain';
import {
  buildCreation,
  buildJob,
  createTestDatabase,
  MANY_JOBS,
  type TestDatabase,
} from '@automation/testing';
import { sql } from 'kysely';

import {
  advanceJobs,
  insertExecutions,
  jobs,
  lockDueJobs,
  migrate,
  findNextDue,
  openStore,
  type Store,
} from './index.ts';

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase(migrate);
  store = openStore({
    url: database.url,
    poolSize: 5,
    applicationName: 'test',
    onConnectionError: () => undefined,
  });
});

beforeEach(async () => {
  await sql`TRUNCATE automation_jobs, automation_executions`.execute(store.db);
});

afterAll(async () => {
  await store.close();
  await database.drop();
});

const minutesAgo = (minutes: number) => new Date(Math.floor(Date.now() / 1000) * 1000 - minutes * 60_000);

async function insertJob(state: Partial<Job> = {}): Promise<Job> {
  const job = buildJob({ accountId: 'acc', functionId: 'fn' }, state);
  await store.db.transaction().execute((trx) => jobs.insert(trx, job, buildCreation(job), MANY_JOBS));
  return job;
}

test('due jobs are locked oldest first, those due later or paused are left out (SPEC 3.1)', async () => {
  const second = await insertJob({ nextRun: minutesAgo(1) });
  const first = await insertJob({ nextRun: minutesAgo(2) });
  await insertJob({ nextRun: new Date(Date.now() + 60_000) });
  await insertJob({ nextRun: null, enabled: false, status: 'paused' });
  await store.db.transaction().execute(async (trx) => {
    const due = await lockDueJobs(trx, { limit: 10, from: null, timeoutMs: 2_000 });
    expect(due.jobs.map((job) => job.id)).toEqual([first.id, second.id]);
    expect(Math.abs(due.now.getTime() - Date.now())).toBeLessThan(60_000);
  });
});

test('two schedulers never lock the same job: the second one skips what the first one holds', async () => {
  for (let n = 0; n < 6; n++) await insertJob({ nextRun: minutesAgo(1) });
  await store.db.transaction().execute(async (first) => {
    const held = await lockDueJobs(first, { limit: 4, from: null, timeoutMs: 2_000 });
    await store.db.transaction().execute(async (second) => {
      const rest = await lockDueJobs(second, { limit: 10, from: null, timeoutMs: 2_000 });
      expect(held.jobs).toHaveLength(4);
      expect(rest.jobs).toHaveLength(2);
      const ids = new Set([...held.jobs, ...rest.jobs].map((job) => job.id));
      expect(ids.size).toBe(6);
    });
  });
});

test('an occurrence is in the ledger once: inserting it again answers nothing', async () => {
  const job = await insertJob({ nextRun: minutesAgo(1) });
  const occurrence = (scheduledFor: Date) => ({
    id: newId(scheduledFor),
    jobId: job.id,
    accountId: job.accountId,
    functionId: job.functionId,
    trigger: 'schedule' as const,
    scheduledFor,
    dueAt: scheduledFor,
    state: 'ready' as const,
    reason: null,
    taskId: null,
  });
  const [once, again, other] = [
    occurrence(minutesAgo(1)),
    occurrence(minutesAgo(1)),
    occurrence(minutesAgo(2)),
  ];
  await store.db.transaction().execute(async (trx) => {
    expect(await insertExecutions(trx, [once])).toEqual(new Set([once.id]));
    expect(await insertExecutions(trx, [again, other])).toEqual(new Set([other.id]));
  });
});

test('a claimed job moves on, and is over when it has no next run', async () => {
  const going = await insertJob({ nextRun: minutesAgo(1) });
  const ending = await insertJob({ nextRun: minutesAgo(1) });
  const next = new Date(Date.now() + 60_000);
  const advance = {
    nextRun: null,
    nextOccurrence: null,
    status: 'active',
    statusReason: null,
    started: 0,
    waiting: 0,
    skipped: 0,
  };
  await store.db.transaction().execute((trx) =>
    advanceJobs(trx, [
      { ...advance, id: going.id, nextRun: next, nextOccurrence: next, started: 1 },
      { ...advance, id: ending.id, status: 'completed', statusReason: 'done', skipped: 1 },
    ]),
  );
  expect(await jobs.find(store.db, going.id)).toMatchObject({
    nextRun: next,
    inFlight: 1,
    enabled: true,
    lastRun: null,
    version: 1,
  });
  expect(await jobs.find(store.db, ending.id)).toMatchObject({
    nextRun: null,
    inFlight: 0,
    enabled: false,
    status: 'completed',
    statusReason: 'done',
    lastRun: expect.any(Date),
    version: 2,
  });
});

test('the wait for the next due job is told by the database clock', async () => {
  expect(await findNextDue(store.db, null)).toMatchObject({ ms: null });
  await insertJob({ nextRun: new Date(Date.now() + 30_000) });
  const { ms } = await findNextDue(store.db, null);
  expect(ms).toBeGreaterThan(20_000);
  expect(ms).toBeLessThanOrEqual(30_000);
  await insertJob({ nextRun: minutesAgo(1) });
  expect(await findNextDue(store.db, null)).toMatchObject({ ms: 0 });
});

describe('a search may begin where the one before found nothing due', () => {
  test('that is at the job that is overdue, else at the present', async () => {
    const before = Date.now();
    await insertJob({ nextRun: new Date(before + 30_000) });
    const { from } = await findNextDue(store.db, null);
    expect(from.getTime()).toBeGreaterThan(before - 5_000);
    expect(from.getTime()).toBeLessThan(before + 5_000);

    const overdue = await insertJob({ nextRun: minutesAgo(1) });
    expect(await findNextDue(store.db, null)).toEqual({ ms: 0, from: overdue.nextRun });
  });

  test('it finds what is due from there on', async () => {
    await insertJob({ nextRun: minutesAgo(3) });
    const second = await insertJob({ nextRun: minutesAgo(2) });
    const third = await insertJob({ nextRun: minutesAgo(1) });
    const from = second.nextRun;

    expect(await findNextDue(store.db, from)).toEqual({ ms: 0, from });
    const due = await store.db
      .transaction()
      .execute((trx) => lockDueJobs(trx, { limit: 10, from, timeoutMs: 2_000 }));
    expect(due.jobs.map((job) => job.id)).toEqual([second.id, third.id]);
  });
});

test('a statement of the claim is bounded to its time-out', async () => {
  await expect(
    store.db.transaction().execute(async (trx) => {
      await lockDueJobs(trx, { limit: 10, from: null, timeoutMs: 50 });
      await sql`SELECT pg_sleep(10)`.execute(trx);
    }),
  ).rejects.toThrow('statement timeout');
});
