import { endSessions, freePort, unique, waitUntil } from '@automation/testing';
import { sql } from 'kysely';

import { isUnreachable, openStore, type Store } from './index.ts';
import { openTestStore, type TestStore, untilBlocked } from './test-store.fixture.ts';

let server: TestStore;
let opened: Store[] = [];

beforeAll(async () => {
  server = await openTestStore();
});

afterEach(async () => {
  for (const store of opened) await store.close();
  opened = [];
});

afterAll(() => server.dispose());

/** A store under a name of its own. */
function setup(url = server.url, poolSize = 2) {
  const applicationName = unique('store');
  const errors: string[] = [];
  const onConnectionError = (error: Error) => errors.push(error.message);
  const store = openStore({ url, poolSize, applicationName, onConnectionError });
  opened.push(store);
  const sessions = async () => {
    const { rows } = await sql<{ pid: number }>`
      SELECT pid FROM pg_stat_activity WHERE application_name = ${applicationName}`.execute(server.db);
    return rows.map(({ pid }) => pid);
  };
  return {
    store,
    errors,
    sessions,
    breakSessions: async () => endSessions(server.pool, await sessions()),
  };
}

const one = async (store: Store) => (await sql<{ one: number }>`SELECT 1 AS one`.execute(store.db)).rows;

test('nothing connects before the first statement', async () => {
  const { store, sessions } = setup();
  expect(await sessions()).toEqual([]);
  await one(store);
  expect(await sessions()).toHaveLength(1);
});

test('as many sessions as the pool may have do the work, the others wait', async () => {
  const { store, sessions } = setup();
  const answers = await Promise.all(Array.from({ length: 10 }, () => one(store)));
  expect(answers).toEqual(Array.from({ length: 10 }, () => [{ one: 1 }]));
  expect(await sessions()).toHaveLength(2);
});

test('the listening session is one more', async () => {
  const { store, sessions } = setup(server.url, 1);
  await one(store);
  await store.listener.listen(
    'channel',
    () => undefined,
    () => undefined,
  );
  expect(await sessions()).toHaveLength(2);
});

test('bigint columns are numbers, and keys inside of JSON keep their names', async () => {
  const { store } = setup();
  const { rows } = await sql`
    SELECT 9007199254740991::bigint AS run_count, '{"snake_case": {"a_b": 1}}'::jsonb AS some_json`.execute(
    store.db,
  );
  expect(rows).toEqual([{ runCount: Number.MAX_SAFE_INTEGER, someJson: { snake_case: { a_b: 1 } } }]);
});

test('a transaction whose process is stopped gives its locks up after 5 s, before leases are lost', async () => {
  const { rows } = await sql`SELECT current_setting('idle_in_transaction_session_timeout') AS after`.execute(
    setup().store.db,
  );
  expect(rows).toEqual([{ after: '5s' }]);
});

describe('a ping', () => {
  test('resolves if the database answers', async () => {
    await expect(setup().store.ping()).resolves.toBeUndefined();
  });

  test('rejects if it cannot be reached', async () => {
    const { store } = setup(`postgres://postgres:postgres@127.0.0.1:${await freePort()}/postgres`);
    await expect(store.ping()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('resolves after an outage', async () => {
    const { store, breakSessions, errors } = setup();
    await store.ping();
    await breakSessions();
    await waitUntil(() => errors.length > 0, { what: 'the error' });
    await expect(store.ping()).resolves.toBeUndefined();
  });
});

describe('a connection that breaks', () => {
  test('while nobody uses it is told, and another one takes its place', async () => {
    const { store, breakSessions, sessions, errors } = setup();
    await one(store);
    const before = await sessions();
    await breakSessions();
    await waitUntil(() => errors.length > 0, { what: 'the error' });
    expect(errors[0]).toBe('terminating connection due to administrator command');
    expect(await one(store)).toEqual([{ one: 1 }]);
    expect(await sessions()).not.toEqual(before);
  });

  test('in a transaction fails the transaction, of which nothing stays', async () => {
    const { store, breakSessions } = setup();
    const broken = store.db.transaction().execute(async (trx) => {
      await sql`INSERT INTO accounts VALUES ('acc', 'Acme', now())`.execute(trx);
      await breakSessions();
      await sql`SELECT 1`.execute(trx);
    });
    // Whether the client has noticed by then decides only what it says.
    expect(isUnreachable(await broken.catch((error: unknown) => error))).toBe(true);
    expect((await sql`SELECT FROM accounts`.execute(store.db)).rows).toEqual([]);
  });
});

describe('closing', () => {
  test('ends all sessions, and may be done twice', async () => {
    const { store, sessions, errors } = setup();
    await one(store);
    await store.listener.listen(
      'channel',
      () => undefined,
      () => undefined,
    );
    await store.close();
    await store.close();
    await waitUntil(async () => (await sessions()).length === 0, { what: 'the sessions to end' });
    expect(errors).toEqual([]);
    await expect(one(store)).rejects.toThrow('destroyed');
  });

  test('is possible before anything connects', async () => {
    const { store } = setup();
    await store.close();
    await expect(store.ping()).rejects.toThrow('Cannot use a pool after calling end on the pool');
  });

  test('after the pool was used without kysely ends its sessions too', async () => {
    const { store, sessions } = setup();
    await store.pool.query('SELECT 1');
    await store.close();
    await waitUntil(async () => (await sessions()).length === 0, { what: 'the sessions to end' });
  });

  test('lets a statement that is under way finish', async () => {
    const { store } = setup();
    let statement: Promise<unknown> | undefined;
    let closed: Promise<void> | undefined;
    await server.db.transaction().execute(async (trx) => {
      await sql`LOCK TABLE accounts`.execute(trx);
      statement = sql`SELECT FROM accounts`.execute(store.db);
      await untilBlocked(server);
      closed = store.close();
    });
    await closed;
    expect(await statement).toMatchObject({ rows: [] });
  });
});
