import { type Job, newId } from '@automation/domain';
import { sql } from 'kysely';

import { jobs } from './index.ts';
import { insertJob, openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

beforeEach(async () => {
  await sql`TRUNCATE automation_jobs`.execute(store.db);
});

afterAll(() => store.dispose());

type Filter = Partial<Parameters<typeof jobs.list>[1]>;

async function namesOf(filter: Filter = {}): Promise<string[]> {
  const list = await jobs.list(store.db, { accountId: 'acc', limit: 100, ...filter });
  return list.map((job) => job.name);
}

let clock = Date.now();

/** Stores jobs of those names, each a millisecond younger than the one before. */
async function insertNamed(...names: string[]): Promise<Job[]> {
  const inserted = [];
  for (const name of names) {
    clock += 1;
    inserted.push(await insertJob(store, { name }, { id: newId(new Date(clock)) }));
  }
  return inserted;
}

test("an account's jobs are listed newest first, whole", async () => {
  const [first, second] = await insertNamed('first', 'second');
  await insertJob(store, { accountId: 'other' });
  expect(await jobs.list(store.db, { accountId: 'acc', limit: 100 })).toEqual([second, first]);
  expect(await namesOf({ accountId: 'nobody' })).toEqual([]);
});

test('pages follow each other by the id of the last job, without gap or repeat', async () => {
  await insertNamed('1', '2', '3', '4', '5');
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await jobs.list(store.db, { accountId: 'acc', limit: 2, cursor });
    pages.push(page.map((job) => job.name));
    cursor = page.at(-1)?.id;
  } while (cursor !== undefined);
  expect(pages).toEqual([['5', '4'], ['3', '2'], ['1'], []]);
});

test('a job that is created between two pages does not shift the second one', async () => {
  const [, second] = await insertNamed('1', '2');
  await insertNamed('3');
  expect(await namesOf({ cursor: second!.id })).toEqual(['1']);
});

test('a page may start at a job that the filter leaves out', async () => {
  const [, second] = await insertNamed('1 match', '2 other', '3 match');
  expect(await namesOf({ cursor: second!.id, q: 'match' })).toEqual(['1 match']);
});

test('jobs are filtered by status', async () => {
  await insertNamed('active');
  await insertJob(store, { name: 'paused', enabled: false });
  await insertJob(store, { name: 'completed' }, { status: 'completed', enabled: false, nextRun: null });
  expect(await namesOf({ status: 'active' })).toEqual(['active']);
  expect(await namesOf({ status: 'paused' })).toEqual(['paused']);
  expect(await namesOf({ status: 'completed' })).toEqual(['completed']);
});

test('jobs are filtered by being enabled, and by not being so', async () => {
  await insertNamed('on');
  await insertJob(store, { name: 'off', enabled: false });
  expect(await namesOf({ enabled: true })).toEqual(['on']);
  expect(await namesOf({ enabled: false })).toEqual(['off']);
});

test('jobs are filtered by function', async () => {
  await insertJob(store, { name: 'a', functionId: 'fn-a' });
  await insertJob(store, { name: 'b', functionId: 'fn-b' });
  expect(await namesOf({ functionId: 'fn-a' })).toEqual(['a']);
  expect(await namesOf({ functionId: 'fn' })).toEqual([]);
});

test('filters are met all together', async () => {
  await insertJob(store, { name: 'report a', functionId: 'fn-a' });
  await insertJob(store, { name: 'report b', functionId: 'fn-b' });
  await insertJob(store, { name: 'report c', functionId: 'fn-a', enabled: false });
  await insertJob(store, { name: 'sync', functionId: 'fn-a' });
  expect(await namesOf({ functionId: 'fn-a', enabled: true, status: 'active', q: 'report' })).toEqual([
    'report a',
  ]);
});

test.each([
  { q: 'REPORT', found: ['nightly Report', 'Report daily'] },
  { q: 'ly', found: ['nightly Report', 'Report daily'] },
  { q: 't d', found: ['Report daily'] },
  { q: '%', found: ['100% sure'] },
  { q: '0% s', found: ['100% sure'] },
  { q: '_', found: ['snake_case'] },
  { q: 'e_c', found: ['snake_case'] },
  { q: 'a_l', found: [] },
  { q: '\\', found: ['back\\slash'] },
  { q: "'", found: ["it's"] },
  { q: 'sync', found: [] },
])('q $q finds what contains it, each character meaning itself', async ({ q, found }) => {
  await insertNamed("it's", 'back\\slash', 'snake_case', '100% sure', 'Report daily', 'nightly Report');
  expect(await namesOf({ q })).toEqual(found);
});
