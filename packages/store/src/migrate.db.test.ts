import { createTestDatabase, type TestDatabase } from '@automation/testing';
import { sql } from 'kysely';

import { migrate, openStore } from './index.ts';
import { openTestStore } from './test-store.fixture.ts';

let empty: TestDatabase;

beforeEach(async () => {
  empty = await createTestDatabase();
});

afterEach(() => empty.drop());

const isDaily = (name: string) => /_p\d{8}$/.test(name);

/** The tables of a database, its partitions by number since their names tell the day. */
async function tablesOf(url: string) {
  const store = openStore({ url, poolSize: 1, applicationName: 'test', onConnectionError: () => undefined });
  try {
    const { rows } = await sql<{ name: string }>`
      SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1`.execute(store.db);
    const names = rows.map((row) => row.name);
    return { days: names.filter(isDaily).length, tables: names.filter((name) => !isDaily(name)) };
  } finally {
    await store.close();
  }
}

test('several replicas may migrate an empty database at once: one of them does, once', async () => {
  const ran = await Promise.all(Array.from({ length: 4 }, () => migrate(empty.url)));
  const [first, ...others] = ran.toSorted((a, b) => b.length - a.length);
  expect(first?.[0]).toBe('0001-initial');
  expect(first).toEqual([...new Set(first)].toSorted());
  expect(others).toEqual([[], [], []]);
  expect(await tablesOf(empty.url)).toEqual({
    days: 5,
    tables: expect.arrayContaining([
      'accounts',
      'api_keys',
      'automation_executions',
      'automation_executions_default',
      'automation_jobs',
      'functions',
      'idempotency_keys',
    ]),
  });
});

test('a second run does nothing', async () => {
  const names = await migrate(empty.url);
  const before = await tablesOf(empty.url);
  expect(names).not.toEqual([]);
  expect(await migrate(empty.url)).toEqual([]);
  expect(await tablesOf(empty.url)).toEqual(before);
});

test('replicas that start on a migrated database leave it as it is', async () => {
  const store = await openTestStore();
  const ran = await Promise.all(Array.from({ length: 4 }, () => migrate(store.url)));
  expect(ran).toEqual([[], [], [], []]);
  await store.dispose();
});
