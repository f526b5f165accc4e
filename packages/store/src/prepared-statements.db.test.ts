import { buildFunction } from '@automation/testing';
import { sql } from 'kysely';

import { accounts, type Database, functions, jobs } from './index.ts';
import { insertJob, openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(() => store.dispose());

/** Does the same again and again, as a session in service does. */
async function often<T>(work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let time = 1; time <= 7; time += 1) results.push(await work());
  return results;
}

/** Names of the statements of a session that contain a text. */
async function namesOf(db: Database, text: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT name FROM pg_prepared_statements WHERE statement LIKE ${`%${text}%`} AND statement NOT LIKE '%LIKE%'`.execute(
    db,
  );
  return rows.map(({ name }) => name);
}

test('a statement that a session uses again and again is prepared once', async () => {
  await store.db.connection().execute(async (db) => {
    const sums = await often(async () => {
      const { rows } = await sql<{ sum: number }>`SELECT ${1}::int + ${2}::int AS sum`.execute(db);
      return rows[0]?.sum;
    });

    expect(sums).toEqual([3, 3, 3, 3, 3, 3, 3]);
    expect(await namesOf(db, 'AS sum')).toHaveLength(1);
  });
});

test('a statement that is used now and then is not kept', async () => {
  await store.db.connection().execute(async (db) => {
    await sql`SELECT ${1}::int AS seldom`.execute(db);

    expect(await namesOf(db, 'AS seldom')).toEqual([]);
  });
});

test('a statement that reads the history is planned for its values, which tell the days that it needs', async () => {
  await store.db.connection().execute(async (db) => {
    await often(() => sql`SELECT FROM automation_executions WHERE scheduled_for = ${new Date()}`.execute(db));

    expect(await namesOf(db, 'automation_executions')).toEqual([]);
  });
});

test('a text of several statements goes on being sent as it is', async () => {
  const session = await store.pool.connect();
  try {
    const results = await often(() => session.query('SELECT 1 AS one; SELECT 2 AS two', []));

    expect(results).toHaveLength(7);
  } finally {
    session.release();
  }
});

test('a statement that fails can be sent again', async () => {
  await store.db.connection().execute(async (db) => {
    const divide = (by: number) => sql`SELECT 1 / ${by}::int AS quotient`.execute(db);
    await often(() => divide(1));

    await expect(divide(0)).rejects.toThrow('division by zero');
    expect((await divide(1)).rows).toEqual([{ quotient: 1 }]);
  });
});

test('a session in service goes on when its tables get new columns, as an upgrade brings them', async () => {
  await accounts.insert(store.db, { id: 'acc', name: 'acc', createdAt: new Date() });
  const fn = buildFunction({ id: 'fn', accountId: 'acc' });
  await functions.insert(store.db, fn);
  const { id } = await insertJob(store);
  await store.db.connection().execute(async (db) => {
    const useAll = async () => {
      await accounts.find(db, 'acc');
      await accounts.list(db, { limit: 10 });
      await functions.find(db, 'acc', 'fn');
      await functions.list(db, { accountId: 'acc', limit: 10 });
      await functions.update(db, 'acc', 'fn', { name: 'other', updatedAt: new Date() });
      await functions.remove(db, 'acc', 'another');
      await jobs.find(db, id);
      await jobs.findAll(db, [id]);
      await jobs.list(db, { accountId: 'acc', limit: 10 });
      return db.transaction().execute((trx) => jobs.findForUpdate(trx, id));
    };
    await often(useAll);

    for (const table of ['accounts', 'functions', 'automation_jobs'])
      await sql`ALTER TABLE ${sql.table(table)} ADD COLUMN of_an_upgrade text`.execute(db);

    expect(await useAll()).toMatchObject({ id });
  });
});
