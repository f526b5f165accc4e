import type { Job } from '@automation/domain';
import { buildAccount, buildCreation, buildFunction, buildJob } from '@automation/testing';
import { Kysely, PostgresDialect, sql } from 'kysely';

import { accounts, functions, jobs } from './index.ts';
import * as migration from './migrations/0008-job-counts.ts';
import { openTestStore, type TestStore, untilBlocked } from './test-store.fixture.ts';

let store: TestStore;
let functionId: string;
let accountId: string;

beforeAll(async () => {
  store = await openTestStore();
});

beforeEach(async () => {
  const account = buildAccount();
  const fn = buildFunction({ accountId: account.id });
  await accounts.insert(store.db, account);
  await functions.insert(store.db, fn);
  accountId = account.id;
  functionId = fn.id;
});

afterAll(() => store.dispose());

const newJob = () => buildJob({ accountId, functionId });

const create = (job: Job, most: number) => jobs.insertWithFunction(store.db, job, buildCreation(job), most);

async function stored(): Promise<number> {
  return (await jobs.list(store.db, { accountId, limit: 1_000 })).length;
}

test.each([1, 3, 16, 50])(
  'an account gets %d jobs and no more, however many come at once (SPEC 5)',
  async (most) => {
    const made = await Promise.all(Array.from({ length: most + 20 }, () => create(newJob(), most)));
    expect(made.filter(Boolean)).toHaveLength(most);
    expect(await stored()).toBe(most);
    expect(await create(newJob(), most)).toBe(false);
  },
);

test('a job that is refused for its name takes nobody else the place', async () => {
  const job = newJob();
  expect(await create(job, 2)).toBe(true);
  await expect(create({ ...newJob(), name: job.name }, 2)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await create(newJob(), 2)).toBe(true);
  expect(await create(newJob(), 2)).toBe(false);
});

test('one that is refused for its function takes no place either', async () => {
  expect(await create({ ...newJob(), functionId: 'unknown' }, 1)).toBe(false);
  expect(await create(newJob(), 1)).toBe(true);
});

test('a higher limit makes room, a lower one takes none of the jobs away', async () => {
  expect(await create(newJob(), 1)).toBe(true);
  expect(await create(newJob(), 1)).toBe(false);
  for (let n = 0; n < 9; n += 1) expect(await create(newJob(), 10)).toBe(true);
  expect(await create(newJob(), 5)).toBe(false);
  expect(await stored()).toBe(10);
});

test('accounts do not share their places', async () => {
  const other = buildAccount();
  const fn = buildFunction({ accountId: other.id });
  await accounts.insert(store.db, other);
  await functions.insert(store.db, fn);
  expect(await create(newJob(), 1)).toBe(true);
  expect(await create(buildJob({ accountId: other.id, functionId: fn.id }), 1)).toBe(true);
});

test('the last place goes to the next one if the transaction that has it fails', async () => {
  let waiting: Promise<boolean> | undefined;
  const failing = store.db.transaction().execute(async (trx) => {
    const job = newJob();
    expect(await jobs.insertWithFunction(trx, job, buildCreation(job), 1)).toBe(true);
    waiting = create(newJob(), 1);
    await untilBlocked(store);
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect(await waiting).toBe(true);
  expect(await stored()).toBe(1);
});

test('the jobs that were there before there were counts are counted', async () => {
  for (let n = 0; n < 20; n += 1) await create(newJob(), 20);
  await sql`DROP TABLE automation_job_counts`.execute(store.db);
  await migration.up(new Kysely<unknown>({ dialect: new PostgresDialect({ pool: store.pool }) }));
  for (let n = 0; n < 5; n += 1) expect(await create(newJob(), 25)).toBe(true);
  expect(await create(newJob(), 25)).toBe(false);
});
