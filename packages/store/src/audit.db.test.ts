import type { Job } from '@automation/domain';
import { sql } from 'kysely';

import {
  countExecutions,
  ensurePartitions,
  type LedgerEntry,
  listAudited,
  measureLateness,
  readLedger,
  streamEntries,
  timetables,
} from './index.ts';
import { insertJob, insertOccurrences, openTestStore, type TestStore } from './test-store.fixture.ts';

const TIMEOUT_MS = 10_000;

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

beforeEach(async () => {
  await sql`
    TRUNCATE automation_jobs, automation_timetables, automation_executions, automation_missed_runs`.execute(
    store.db,
  );
});

afterAll(() => store.dispose());

const DAY = new Date('2026-02-10T00:00:00Z');
const hour = (n: number) => new Date(DAY.getTime() + n * 3_600_000);
const day = { from: DAY, to: hour(24) };

const newJob = () => insertJob(store, {}, { createdAt: DAY });

async function insertMissed(job: Job, from: Date, to: Date, count: number): Promise<void> {
  const row = { jobId: job.id, accountId: 'acc', fromAt: from, toAt: to, count, reason: '' };
  await store.db.insertInto('automationMissedRuns').values(row).execute();
}

/** An execution a second, from the day's beginning on. */
async function insertSeconds(job: Job, count: number): Promise<void> {
  await sql`
    INSERT INTO automation_executions (id, job_id, account_id, function_id, trigger, scheduled_for, due_at, status)
    SELECT gen_random_uuid(), ${job.id}, 'acc', 'fn', 'schedule', at, at, 'succeeded'
    FROM generate_series(0, ${count - 1}::integer) AS n, LATERAL (SELECT ${DAY}::timestamptz + n * interval '1 second' AS at) AS second`.execute(
    store.db,
  );
}

async function entriesOf(first: Job, last = first): Promise<LedgerEntry[]> {
  return readLedger(store.db, TIMEOUT_MS, async (trx) => {
    const entries: LedgerEntry[] = [];
    for await (const fetched of streamEntries(trx, { first: first.id, last: last.id }, day))
      entries.push(...fetched);
    return entries;
  });
}

const execution = (job: Job, at: Date) => ({ job: job.id, from: at.getTime(), to: null, count: null });
const missed = (job: Job, from: Date, to: Date, count: number) => ({
  job: job.id,
  from: from.getTime(),
  to: to.getTime(),
  count,
});

test("entries come by job, and a job's by their occurrence, over all partitions", async () => {
  await ensurePartitions(store.db, hour(12));
  const jobs = [await newJob(), await newJob(), await newJob()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const [a, b, other] = jobs;
  if (!a || !b || !other) throw new Error('three jobs');
  await insertOccurrences(store, b, [hour(20), hour(2)]);
  await insertOccurrences(store, a, [hour(9), hour(1)]);
  await insertOccurrences(store, other, [hour(3)]);
  await insertMissed(a, hour(2), hour(8), 7);
  expect(await entriesOf(a, b)).toEqual([
    execution(a, hour(1)),
    missed(a, hour(2), hour(8), 7),
    execution(a, hour(9)),
    execution(b, hour(2)),
    execution(b, hour(20)),
  ]);
});

test('the window includes its beginning and not its end, and missed runs that reach into it', async () => {
  const job = await newJob();
  await insertOccurrences(store, job, [hour(-1), hour(0), hour(23), hour(24)]);
  await insertMissed(job, hour(-9), hour(-8), 2);
  await insertMissed(job, hour(-5), hour(0), 6);
  await insertMissed(job, hour(22), hour(26), 5);
  await insertMissed(job, hour(24), hour(25), 2);
  const entries = await entriesOf(job);
  expect(entries.map(({ from }) => new Date(from))).toEqual([hour(-5), hour(0), hour(22), hour(23)]);
});

test('manual runs are no entries', async () => {
  const job = await newJob();
  await insertOccurrences(store, job, [hour(1)]);
  await sql`UPDATE automation_executions SET trigger = 'manual'`.execute(store.db);
  expect(await entriesOf(job)).toEqual([]);
});

test('an execution between two milliseconds, where no occurrence is, is seen as such', async () => {
  const job = await newJob();
  await insertOccurrences(store, job, [hour(1)]);
  await sql`UPDATE automation_executions SET scheduled_for = scheduled_for + interval '500 microseconds'`.execute(
    store.db,
  );
  expect(await entriesOf(job)).toEqual([{ ...execution(job, hour(1)), from: hour(1).getTime() + 0.5 }]);
});

test('more entries than a fetch has all arrive', async () => {
  const job = await newJob();
  await insertSeconds(job, 7_201);
  const entries = await entriesOf(job);
  expect(entries).toHaveLength(7_201);
  expect(entries.at(-1)).toEqual(execution(job, hour(2)));
});

test('whoever stops reading, or fails, leaves the connection usable', async () => {
  const job = await newJob();
  await insertOccurrences(store, job, [hour(1), hour(2)]);
  const failure = new Error('enough');
  const read = readLedger(store.db, TIMEOUT_MS, async (trx) => {
    for await (const _entries of streamEntries(trx, { first: job.id, last: job.id }, day)) break;
    for await (const _entries of streamEntries(trx, { first: job.id, last: job.id }, day)) throw failure;
  });
  await expect(read).rejects.toBe(failure);
  expect(await entriesOf(job)).toHaveLength(2);
});

test('everything is read as of one instant', async () => {
  const job = await newJob();
  await insertOccurrences(store, job, [hour(1)]);
  const counts = await readLedger(store.db, TIMEOUT_MS, async (trx) => {
    await insertOccurrences(store, job, [hour(2)]);
    return countExecutions(trx, day, job.id);
  });
  expect(counts).toEqual([{ status: 'pending', isManual: false, count: 1 }]);
});

test('a statement that takes longer than it may is ended by the server', async () => {
  await store.db.transaction().execute(async (trx) => {
    await sql`LOCK TABLE automation_executions`.execute(trx);
    const reading = readLedger(store.db, 50, async () => 'read');
    await expect(reading).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

test("what the reader of entries does with them takes nothing of a statement's time", async () => {
  const job = await newJob();
  await insertSeconds(job, 4_500);
  const fetches = await readLedger(store.db, 2_000, async (trx) => {
    let count = 0;
    for await (const _entries of streamEntries(trx, { first: job.id, last: job.id }, day)) {
      count += 1;
      await sql`SELECT pg_sleep(0.8)`.execute(trx);
    }
    return count;
  });
  expect(fetches).toBe(3);
});

test('nothing can be written in it', async () => {
  const job = await newJob();
  await expect(readLedger(store.db, TIMEOUT_MS, (trx) => timetables.change(trx, job, DAY))).rejects.toThrow(
    'read-only',
  );
});

test('executions are counted by status, manual ones apart, of one job or of all', async () => {
  const [a, b] = [await newJob(), await newJob()];
  await insertOccurrences(store, a, [hour(1), hour(2), hour(3), hour(25)]);
  await insertOccurrences(store, b, [hour(1)]);
  await sql`UPDATE automation_executions SET status = 'timed_out' WHERE scheduled_for = ${hour(2)}`.execute(
    store.db,
  );
  await sql`UPDATE automation_executions SET trigger = 'manual' WHERE scheduled_for = ${hour(3)}`.execute(
    store.db,
  );
  await readLedger(store.db, TIMEOUT_MS, async (trx) => {
    expect(await countExecutions(trx, day, a.id)).toEqual(
      expect.arrayContaining([
        { status: 'pending', isManual: false, count: 1 },
        { status: 'pending', isManual: true, count: 1 },
        { status: 'timed_out', isManual: false, count: 1 },
      ]),
    );
    expect(await countExecutions(trx, day, null)).toContainEqual({
      status: 'pending',
      isManual: false,
      count: 2,
    });
  });
});

test('lateness is from due to taken up, jitter not counted as late; manual and unstarted ones aside', async () => {
  const job = await newJob();
  const occurrences = Array.from({ length: 101 }, (_, n) => new Date(hour(1).getTime() + n * 60_000));
  await insertOccurrences(store, job, [...occurrences, hour(5), hour(6)]);
  // The nth starts n milliseconds after it was due, which was half a minute after what the schedule says.
  await sql`
    UPDATE automation_executions
    SET due_at = scheduled_for + interval '30 seconds',
        started_at = scheduled_for + interval '30 seconds'
                     + extract(epoch FROM scheduled_for - ${hour(1)}::timestamptz) / 60 * interval '1 millisecond'
    WHERE scheduled_for < ${hour(5)}`.execute(store.db);
  await sql`
    UPDATE automation_executions SET trigger = 'manual', started_at = scheduled_for + interval '1 hour'
    WHERE scheduled_for = ${hour(6)}`.execute(store.db);
  await readLedger(store.db, TIMEOUT_MS, async (trx) => {
    expect(await measureLateness(trx, day, job.id)).toEqual({ p50: 50, p95: 95, max: 100 });
    expect(await measureLateness(trx, { from: hour(5), to: hour(24) }, null)).toBeNull();
  });
});

test('jobs come in the order of their ids, a page at a time, with the timetables of the window', async () => {
  const created = [await newJob(), await newJob(), await newJob()];
  const [first, ...others] = created.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const jobs = [first!, ...others].map(({ id }) => id);
  const change = { ...first!, schedule: '@daily' };
  await store.db.transaction().execute((trx) => timetables.change(trx, change, hour(5)));
  await readLedger(store.db, TIMEOUT_MS, async (trx) => {
    const page = await listAudited(trx, { after: null, limit: 2 }, { from: hour(4), to: hour(6) });
    expect(page.map(({ id }) => id)).toEqual(jobs.slice(0, 2));
    expect(page[0]?.spans.map(({ schedule, after, until }) => [schedule, after, until])).toEqual([
      ['@hourly', DAY, hour(5)],
      ['@daily', hour(5), null],
    ]);
    const [later] = await listAudited(trx, { after: null, limit: 1 }, { from: hour(6), to: hour(9) });
    expect(later?.spans.map(({ schedule }) => schedule)).toEqual(['@daily']);
    expect(await listAudited(trx, { after: String(jobs[1]), limit: 1 }, day)).toMatchObject([
      { id: jobs[2] },
    ]);
  });
});

test('the history goes back to the oldest partition', async () => {
  await ensurePartitions(store.db, new Date('2026-01-20T12:00:00Z'));
  await readLedger(store.db, TIMEOUT_MS, async (_trx, { historyFrom, now }) => {
    expect(historyFrom).toEqual(new Date('2026-01-19T00:00:00Z'));
    expect(Math.abs(now.getTime() - Date.now())).toBeLessThan(10_000);
  });
});
