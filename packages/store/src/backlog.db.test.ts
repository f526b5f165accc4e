import { sql } from 'kysely';

import { measureDueBacklog, readBriefly } from './index.ts';
import { insertJob, openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterEach(() => sql`DELETE FROM automation_jobs`.execute(store.db));

afterAll(() => store.dispose());

const measure = (limit = 100) => readBriefly(store.db, 2_000, (trx) => measureDueBacklog(trx, limit));
const secondsFromNow = (seconds: number) => new Date(Date.now() + 1_000 * seconds);

test('of no job that is due nothing is measured', async () => {
  expect(await measure()).toEqual({ jobs: 0, oldestSeconds: 0 });
  await insertJob(store, { name: 'due later' }, { nextRun: secondsFromNow(60) });
  await insertJob(store, { name: 'paused' }, { enabled: false, status: 'paused', nextRun: null });
  expect(await measure()).toEqual({ jobs: 0, oldestSeconds: 0 });
});

test('due jobs are counted, and the oldest of them says for how long', async () => {
  for (const seconds of [-10, -90, -30, 60])
    await insertJob(store, { name: `in ${seconds} s` }, { nextRun: secondsFromNow(seconds) });
  const { jobs, oldestSeconds } = await measure();
  expect(jobs).toBe(3);
  expect(oldestSeconds).toBeGreaterThanOrEqual(90);
  expect(oldestSeconds).toBeLessThan(150);
});

test('no more are counted than asked for, and the oldest is the oldest of all', async () => {
  for (const seconds of [-10, -20, -90, -30])
    await insertJob(store, { name: `in ${seconds} s` }, { nextRun: secondsFromNow(seconds) });
  const { jobs, oldestSeconds } = await measure(2);
  expect(jobs).toBe(2);
  expect(oldestSeconds).toBeGreaterThanOrEqual(90);
});
