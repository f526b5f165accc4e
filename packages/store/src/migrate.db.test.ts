import { createTestDatabase, type TestDatabase, waitUntil } from '@automation/testing';
import { sql } from 'kysely';
import { Client } from 'pg';

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

/** Has a database's later sessions told that the server is another one: what its search_path finds first is asked. */
async function impersonate(url: string, version: string) {
  const store = openStore({ url, poolSize: 1, applicationName: 'test', onConnectionError: () => undefined });
  try {
    const database = sql.id(new URL(url).pathname.slice(1));
    await sql`CREATE SCHEMA IF NOT EXISTS impostor`.execute(store.db);
    await sql`
      CREATE OR REPLACE FUNCTION impostor.version() RETURNS text LANGUAGE sql
      AS ${sql.lit(`SELECT '${version}'::text`)}`.execute(store.db);
    await sql`ALTER DATABASE ${database} SET search_path = impostor, pg_catalog, public`.execute(store.db);
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

test('a server that is too old, or another engine, is refused by its name, and nothing is made there', async () => {
  await impersonate(empty.url, 'CockroachDB CCL v25.2.0 (x86_64-pc-linux-gnu, built 2025/05/09)');
  await expect(migrate(empty.url)).rejects.toThrow(
    'PostgreSQL 13 or newer is needed, and the server is CockroachDB CCL v25.2.0',
  );
  await impersonate(empty.url, 'PostgreSQL 12.22 on x86_64-pc-linux-gnu, compiled by gcc, 64-bit');
  await expect(migrate(empty.url)).rejects.toThrow(
    'PostgreSQL 13 or newer is needed, and the server is PostgreSQL 12.22',
  );
  expect(await tablesOf(empty.url)).toEqual({ days: 0, tables: [] });
});

test('a release that comes back after a later one has nothing to do', async () => {
  await migrate(empty.url);
  const later = new Client(empty.url);
  await later.connect();
  await later.query(`INSERT INTO kysely_migration VALUES ('9999-later', now())`);
  await later.end();
  expect(await migrate(empty.url)).toEqual([]);
});

test('it waits for a table no longer than others can wait behind it, and tries again', async () => {
  const [blocker, observer] = [new Client(empty.url), new Client(empty.url)];
  await Promise.all([blocker.connect(), observer.connect()]);
  const isWaiting = async () => {
    const { rows } = await observer.query<{ waiting: boolean }>(
      `SELECT count(*) > 0 AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'automation-migrate' AND wait_event_type = 'Lock'`,
    );
    return rows[0]?.waiting === true;
  };
  await blocker.query('BEGIN');
  await blocker.query('CREATE TABLE accounts (id text)');
  const migrated = migrate(empty.url);
  await waitUntil(isWaiting);
  await waitUntil(async () => !(await isWaiting()));
  await blocker.query('ROLLBACK');
  expect(await migrated).toContain('0001-initial');
  await Promise.all([blocker.end(), observer.end()]);
});

test('replicas that start on a migrated database leave it as it is', async () => {
  const store = await openTestStore();
  const ran = await Promise.all(Array.from({ length: 4 }, () => migrate(store.url)));
  expect(ran).toEqual([[], [], [], []]);
  await store.dispose();
});
