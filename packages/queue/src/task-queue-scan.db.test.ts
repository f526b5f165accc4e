import { randomUUID } from 'node:crypto';

import type { Phase } from '@automation/domain';
import { migrate, openStore, type Store } from '@automation/store';
import { createTestDatabase, type TestDatabase } from '@automation/testing';
import { type CompiledQuery, Kysely, PostgresDialect } from 'kysely';

import { createTaskQueue, installQueues, newTask, type TaskQueue } from './index.ts';
import { execution } from './test-queue.fixture.ts';

let database: TestDatabase;
let store: Store;
let queue: TaskQueue;

beforeAll(async () => {
  database = await createTestDatabase(migrate, installQueues);
  store = openStore({
    url: database.url,
    poolSize: 3,
    applicationName: 'test',
    onConnectionError: () => undefined,
  });
  const { pool, listener } = store;
  queue = createTaskQueue({ pool, listener, supervise: false, onError: () => undefined });
  await queue.start();
});

afterEach(() => store.pool.query('DELETE FROM pgboss.job'));

afterAll(async () => {
  await queue.stop();
  await store.close();
  await database.drop();
});

/** A task that has been in a state, and due, for so long. */
async function insertTask(state = 'created', seconds = 0, phase: Phase = 'check'): Promise<string> {
  const task = newTask([execution()]);
  await queue.transaction(store.db, (_trx, tasks) => tasks.enqueue(phase, [task]));
  await store.pool.query(
    `UPDATE pgboss.job SET state = $2, start_after = now() - make_interval(secs => $3) WHERE id = $1`,
    [task.id, state, seconds],
  );
  return task.id;
}

const findIdle = (limit = 10) => queue.findIdle(store.db, 'check', { seconds: 60, limit });
const STATES = ['created', 'retry', 'active', 'completed', 'cancelled', 'failed'];

test('live are the tasks of the phase that wait, or that a worker holds', async () => {
  const ids = await Promise.all(STATES.map((state) => insertTask(state)));
  const asked = [...ids, randomUUID()];
  expect([...(await queue.findLive(store.db, 'check', asked))].toSorted()).toEqual(
    ids.slice(0, 3).toSorted(),
  );
  expect(await queue.findLive(store.db, 'perform', asked)).toEqual(new Set());
  expect(await queue.findLive(store.db, 'check', [])).toEqual(new Set());
});

test('idle are the tasks of the phase that nobody has taken in time, the oldest first', async () => {
  for (const state of STATES) await insertTask(state, 50);
  const ids = [];
  for (const state of STATES) ids.push(await insertTask(state, 70 + ids.length));
  expect((await findIdle()).map(({ id }) => id)).toEqual([ids[1], ids[0]]);
  expect((await findIdle(1)).map(({ id }) => id)).toEqual([ids[1]]);
  expect(await queue.findIdle(store.db, 'perform', { seconds: 60, limit: 10 })).toEqual([]);
});

test('only tasks that nobody has taken are removed', async () => {
  const ids = await Promise.all(STATES.map((state) => insertTask(state)));
  expect(await queue.remove(store.db, 'perform', ids)).toBe(0);
  expect(await queue.remove(store.db, 'check', ids)).toBe(2);
  expect(await queue.remove(store.db, 'check', ids)).toBe(0);
  expect(await queue.findLive(store.db, 'check', ids)).toEqual(new Set([ids[2]]));
});

test("tasks that are to be worked off are counted by phase: due, delayed, and in workers' hands", async () => {
  const NONE = { waiting: 0, delayed: 0, active: 0 };
  expect(await queue.count(store.db)).toEqual({ check: NONE, perform: NONE });
  for (const state of STATES) await insertTask(state, 50);
  await insertTask('created', 60);
  await insertTask('created', -60);
  await insertTask('retry', -60);
  await insertTask('active', -60);
  await insertTask('created', 0, 'perform');
  expect(await queue.count(store.db)).toEqual({
    check: { waiting: 3, delayed: 2, active: 2 },
    perform: { ...NONE, waiting: 1 },
  });
});

test('the tasks that are done are not searched', async () => {
  await insertTask('completed');
  await insertTask('completed', 0, 'perform');
  await store.pool.query(`
    INSERT INTO pgboss.job SELECT copy.* FROM pgboss.job j, generate_series(1, 20000) n,
      LATERAL jsonb_populate_record(j, jsonb_build_object(
        'id', gen_random_uuid(), 'state', CASE WHEN n % 100 = 0 THEN 'created' ELSE 'completed' END)) AS copy;
    ANALYZE pgboss.job`);
  const sent: CompiledQuery[] = [];
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: store.pool }),
    log: ({ query }) => void sent.push(query),
  });
  await queue.findLive(db, 'check', [randomUUID()]);
  await queue.findIdle(db, 'check', { seconds: 60, limit: 500 });
  await queue.remove(db, 'check', [randomUUID()]);
  await queue.count(db);
  for (const statement of sent) {
    const { rows } = await store.pool.query<object>(`EXPLAIN ${statement.sql}`, [...statement.parameters]);
    const plan = JSON.stringify(rows);
    expect(plan).toMatch(/Index/);
    expect(plan).not.toMatch(/Seq Scan/);
  }
  expect(sent).toHaveLength(4);
});
