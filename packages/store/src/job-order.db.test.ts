import { newId } from '@automation/domain';
import { sql } from 'kysely';

import { JOB_SORTS, type JobOrder, jobs, SORT_ORDERS } from './index.ts';
import { insertJob, openTestStore, type TestStore } from './test-store.fixture.ts';

const BASE = Date.now();

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

beforeEach(async () => {
  await sql`TRUNCATE automation_jobs`.execute(store.db);
});

afterAll(() => store.dispose());

const at = (seconds: number) => new Date(BASE + seconds * 1_000);

/** A job; each is a second younger than the one before. */
async function insertNamed(name: string, state: Parameters<typeof insertJob>[2] = {}) {
  created += 1;
  const enabled = state.nextRun !== null;
  return insertJob(
    store,
    { name, enabled },
    { id: newId(at(created)), createdAt: at(created), status: enabled ? 'active' : 'paused', ...state },
  );
}

let created = 0;

async function pagesOf(order: JobOrder, limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await jobs.list(store.db, { accountId: 'acc', limit, cursor, order });
    pages.push(page.map(({ name }) => name));
    cursor = page.at(-1)?.id;
  } while (cursor !== undefined);
  return pages;
}

const namesBy = async (order: JobOrder) => (await pagesOf(order, 100)).flat();

test.each<[JobOrder['sort'], string[], string[]]>([
  ['created_at', ['b', 'A', 'c'], ['c', 'A', 'b']],
  ['name', ['A', 'b', 'c'], ['c', 'b', 'A']],
  ['run_count', ['A', 'c', 'b'], ['b', 'c', 'A']],
  ['next_run', ['c', 'b', 'A'], ['b', 'c', 'A']],
  ['last_run', ['b', 'A', 'c'], ['A', 'b', 'c']],
])('jobs are sorted by %s, those without a value last either way', async (sort, ascending, descending) => {
  await insertNamed('b', { runCount: 9, nextRun: at(60), lastRun: at(1) });
  await insertNamed('A', { runCount: 0, nextRun: null, lastRun: at(2) });
  await insertNamed('c', { runCount: 1, nextRun: at(50), lastRun: null });
  expect(await namesBy({ sort, order: 'asc' })).toEqual(ascending);
  expect(await namesBy({ sort, order: 'desc' })).toEqual(descending);
});

describe.each(JOB_SORTS)('by %s', (sort) => {
  test.each(SORT_ORDERS)(
    'pages %s follow each other without gap or repeat, equal values by id',
    async (order) => {
      for (const name of ['1', '2', '3', '4', '5', '6'])
        await insertNamed(name, { runCount: Number(name) % 2, nextRun: Number(name) % 3 ? at(60) : null });
      const pages = await pagesOf({ sort, order }, 2);
      expect(pages.map(({ length }) => length)).toEqual([2, 2, 2, 0]);
      expect(pages.flat()).toEqual(await namesBy({ sort, order }));
      expect(pages.flat().toSorted()).toEqual(['1', '2', '3', '4', '5', '6']);
    },
  );
});

test('a page begins where the job of its cursor is by now', async () => {
  for (const name of ['a', 'b', 'c']) await insertNamed(name, { runCount: 1 });
  const order = { sort: 'run_count', order: 'asc' } as const;
  const [first] = await jobs.list(store.db, { accountId: 'acc', limit: 1, order });
  await sql`UPDATE automation_jobs SET run_count = 2 WHERE id = ${first!.id}`.execute(store.db);
  expect(await jobs.list(store.db, { accountId: 'acc', limit: 9, order, cursor: first!.id })).toEqual([]);
});

test('where a job of another account stands is not told', async () => {
  await insertNamed('z');
  const other = await insertJob(store, { accountId: 'other', name: 'm' });
  const order = { sort: 'name', order: 'asc' } as const;
  expect(await jobs.list(store.db, { accountId: 'acc', limit: 9, order, cursor: other.id })).toEqual([]);
});
