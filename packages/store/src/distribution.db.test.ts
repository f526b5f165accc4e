import { sql } from 'kysely';

import { openTestStore, type TestStore } from './test-store.fixture.ts';

/*
 * What spreading the tables over nodes by account would find (infra/SCALING.md): a new table or key either names the account
 * or is added here, so that nobody has to find it out on the day it is needed.
 */

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(() => store.dispose());

/** Our tables, partitions aside, that have no column of that name. */
async function tablesWithout(column: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT relname AS name FROM pg_class c
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
      AND relname NOT LIKE 'kysely%'
      AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = ${column})
    ORDER BY relname`.execute(store.db);
  return rows.map(({ name }) => name);
}

/** The primary keys and unique indexes of our tables that have no column of that name. */
async function keysWithout(column: string): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    SELECT t.relname || ' (' || string_agg(a.attname, ', ' ORDER BY part.n) || ')' AS key
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS part (attnum, n)
    LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = part.attnum
    WHERE i.indisunique AND t.relnamespace = 'public'::regnamespace AND NOT t.relispartition
      AND t.relname NOT LIKE 'kysely%'
    GROUP BY i.indexrelid, t.relname
    HAVING NOT bool_or(coalesce(a.attname = ${column}, false))
    ORDER BY 1`.execute(store.db);
  return rows.map(({ key }) => key);
}

test('every table has the column to distribute by, account_id, but for these', async () => {
  expect(await tablesWithout('account_id')).toEqual([
    // Its id is the account's.
    'accounts',
    // What they hold of a job lies where the job does, once they have its account as well.
    'automation_timetables',
    'automation_waiting_executions',
  ]);
});

test('these keys are unique over all accounts, which no node can tell by itself', async () => {
  expect(await keysWithout('account_id')).toEqual([
    'accounts (id)',
    // Looked up before anybody knows whose it is: a table for all nodes.
    'api_keys (hash)',
    'api_keys (id)',
    'automation_event_endpoints (id)',
    // Positions and ids are in one order for everybody: tables of one node.
    'automation_events (position)',
    'automation_executions (id, scheduled_for)',
    'automation_executions (job_id, scheduled_for)',
    'automation_jobs (id)',
    'automation_missed_runs (job_id, from_at)',
    'automation_outbox (id)',
    'automation_timetables (job_id, after_at)',
    'automation_waiting_executions (job_id, scheduled_for)',
    'functions (id)',
  ]);
});

test('no foreign key leads from one of our tables to another', async () => {
  const { rows } = await sql<{ name: string }>`
    SELECT conname AS name FROM pg_constraint
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace`.execute(store.db);
  expect(rows).toEqual([]);
});
