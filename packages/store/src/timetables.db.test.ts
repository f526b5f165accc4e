import type { Job } from '@automation/domain';
import { buildCreation, MANY_JOBS } from '@automation/testing';

import { dropHistoryBefore, jobs, timetables } from './index.ts';
import { insertJob, openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(() => store.dispose());

const CREATED_AT = new Date('2026-02-10T00:00:00Z');
const hour = (n: number) => new Date(CREATED_AT.getTime() + n * 3_600_000);

const newJob = () => insertJob(store, { schedule: '@hourly' }, { createdAt: CREATED_AT });

const change = (job: Job, from: Date) =>
  store.db.transaction().execute((trx) => timetables.change(trx, job, from));

const close = (...stopped: { jobId: string; until: Date }[]) =>
  store.db.transaction().execute((trx) => timetables.close(trx, stopped));

/** Each of a job's timetables: its schedule, and from when to when it held. */
async function spansOf(job: Job): Promise<unknown[]> {
  const rows = await store.db
    .selectFrom('automationTimetables')
    .selectAll()
    .where('jobId', '=', job.id)
    .orderBy('afterAt')
    .execute();
  return rows.map(({ schedule, afterAt, untilAt }) => [schedule, afterAt, untilAt]);
}

test('a job that is created enabled has its timetable from then on, all of it', async () => {
  const times = { startAt: hour(1), endAt: hour(9) };
  const definition = { schedule: '@every 7m', timezone: 'Asia/Tokyo' };
  const job = await insertJob(store, definition, { ...times, createdAt: CREATED_AT, anchor: hour(1) });
  const rows = await store.db
    .selectFrom('automationTimetables')
    .selectAll()
    .where('jobId', '=', job.id)
    .execute();
  expect(rows).toEqual([
    {
      jobId: job.id,
      afterAt: CREATED_AT,
      untilAt: null,
      schedule: '@every 7m',
      timezone: 'Asia/Tokyo',
      anchor: hour(1),
      ...times,
    },
  ]);
});

test('a job that is created paused has none', async () => {
  expect(await spansOf(await insertJob(store, { enabled: false }))).toEqual([]);
});

test('a job whose name is taken leaves nothing behind', async () => {
  const first = await newJob();
  const twin = { ...first, id: '01900000-0000-7000-8000-000000000001' };
  await expect(
    store.db.transaction().execute((trx) => jobs.insert(trx, twin, buildCreation(twin), MANY_JOBS)),
  ).rejects.toThrow('already exists');
  expect(await spansOf(twin)).toEqual([]);
});

test('a change ends the timetable before it', async () => {
  const job = await newJob();
  await change({ ...job, schedule: '@daily' }, hour(3));
  expect(await spansOf(job)).toEqual([
    ['@hourly', CREATED_AT, hour(3)],
    ['@daily', hour(3), null],
  ]);
});

test('a pause ends it, and a resumption begins it again', async () => {
  const job = await newJob();
  await change({ ...job, enabled: false }, hour(3));
  expect(await spansOf(job)).toEqual([['@hourly', CREATED_AT, hour(3)]]);
  await change(job, hour(5));
  expect(await spansOf(job)).toEqual([
    ['@hourly', CREATED_AT, hour(3)],
    ['@hourly', hour(5), null],
  ]);
});

test('a change at the instant of the one before replaces it', async () => {
  const job = await newJob();
  await change({ ...job, schedule: '@daily' }, CREATED_AT);
  expect(await spansOf(job)).toEqual([['@daily', CREATED_AT, null]]);
});

test('a change while the clock is behind replaces what was noted of the time after it', async () => {
  const job = await newJob();
  await change({ ...job, schedule: '@daily' }, hour(3));
  await change({ ...job, schedule: '@weekly' }, hour(6));
  await change({ ...job, schedule: '@monthly' }, hour(2));
  expect(await spansOf(job)).toEqual([
    ['@hourly', CREATED_AT, hour(2)],
    ['@monthly', hour(2), null],
  ]);
});

test('closing ends what is open of several jobs, and leaves alone what has ended', async () => {
  const [a, b, c] = [await newJob(), await newJob(), await newJob()];
  await change({ ...c, enabled: false }, hour(1));
  await close({ jobId: a.id, until: hour(2) }, { jobId: c.id, until: hour(4) });
  expect(await spansOf(a)).toEqual([['@hourly', CREATED_AT, hour(2)]]);
  expect(await spansOf(b)).toEqual([['@hourly', CREATED_AT, null]]);
  expect(await spansOf(c)).toEqual([['@hourly', CREATED_AT, hour(1)]]);
});

test('history that is dropped takes along missed runs and timetables that ended before it, by whole days', async () => {
  const job = await newJob();
  await change({ ...job, schedule: '@daily' }, hour(23));
  await change({ ...job, schedule: '@weekly' }, hour(25));
  const runs = [-30, -1, 23, 24].map((n) => ({ fromAt: hour(n), toAt: hour(n) }));
  await store.db
    .insertInto('automationMissedRuns')
    .values(runs.map((run) => ({ ...run, jobId: job.id, accountId: 'acc', count: 1, reason: '' })))
    .execute();
  await dropHistoryBefore(store.db, hour(30));
  const kept = await store.db.selectFrom('automationMissedRuns').select('toAt').execute();
  expect(kept).toEqual([{ toAt: hour(24) }]);
  expect(await spansOf(job)).toEqual([
    ['@daily', hour(23), hour(25)],
    ['@weekly', hour(25), null],
  ]);
});
