import { openStore, type Store } from '@automation/store';
import { createTestDatabase, type TestDatabase, waitUntil } from '@automation/testing';
import { sql } from 'kysely';

import {
  createTaskQueue,
  installQueues,
  newTask,
  type NotificationListener,
  type TaskQueue,
  type TaskQueueOptions,
} from './index.ts';
import { execution, openTestQueues, type TestQueues } from './test-queue.fixture.ts';

let queues: TestQueues;

beforeAll(async () => {
  queues = await openTestQueues();
});

afterEach(() => queues.clear());

afterAll(() => queues.dispose());

/** A queue whose way to the database can be cut. */
async function setup(options: Partial<TaskQueueOptions> = {}) {
  const { store } = queues;
  const way = { isCut: false };
  const queue = await queues.start({
    ...options,
    pool: {
      query: async (text, values) => {
        if (way.isCut) throw new Error('cut off');
        return store.pool.query(text, values);
      },
    },
  });
  return { queue, way };
}

const onError = (error: Error) => void queues.errors.push(error);
const deaf = () => Promise.reject(new Error('deaf'));

/** A queue that is not started. */
function create(store: Store, listen: NotificationListener['listen']): TaskQueue {
  return createTaskQueue({ pool: store.pool, listener: { listen }, supervise: false, onError });
}

/** The timers of this process that keep it running. */
const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

test('a look at the queue that fails is told, and there is another one', async () => {
  const { queue, way } = await setup();
  way.isCut = true;
  const { held } = queues.consume(queue, { pollIntervalMs: 10 });
  await waitUntil(() => queues.errors.length >= 2);
  expect(queues.errors[0]).toMatchObject({ message: 'cut off' });
  const tasks = await queues.enqueue(queue);
  way.isCut = false;
  await waitUntil(() => held.length === 1);
  expect(held[0]!.id).toBe(tasks[0]!.id);
});

test('a heartbeat that fails is told, and there is another one', async () => {
  const { queue, way } = await setup();
  const { held } = queues.consume(queue);
  await queues.enqueue(queue);
  await waitUntil(() => held.length === 1);
  const beat = async () => {
    const { rows } = await sql<{ beat: Date }>`SELECT heartbeat_on AS beat FROM pgboss.job`.execute(
      queues.store.db,
    );
    return rows[0]!.beat.getTime();
  };
  const taken = await beat();
  way.isCut = true;
  await waitUntil(() => queues.errors.length > 0, { what: 'a heartbeat that fails' });
  expect(queues.errors[0]).toMatchObject({ message: 'cut off' });
  expect(await beat()).toBe(taken);
  way.isCut = false;
  await waitUntil(async () => (await beat()) > taken, { what: 'a heartbeat that comes through' });
});

test('a queue that cannot give back its tasks says so, and stops all the same', async () => {
  const { store } = queues;
  // All of the pool's sessions, and the timers that they have while nobody uses them.
  await Promise.all(Array.from({ length: 5 }, () => sql`SELECT pg_sleep(0.05)`.execute(store.db)));
  const before = timers();
  const listener = { listen: async () => ({ close: async () => undefined }) };
  const { queue, way } = await setup({ listener, supervise: true });
  await queues.enqueue(queue);
  const { held } = queues.consume(queue);
  await waitUntil(() => held.length === 1);
  expect(timers()).toBeGreaterThan(before);
  way.isCut = true;
  await expect(queue.stop()).rejects.toThrow('cut off');
  expect(timers()).toBeLessThanOrEqual(before);
});

describe('starting', () => {
  test('fails if notifications cannot be heard: tasks would be found late for good', async () => {
    const queue = create(queues.store, deaf);
    await expect(queue.start()).rejects.toThrow('cannot hear of tasks: deaf');
    await queue.stop();
  });

  test('can be tried again, and then they are heard', async () => {
    let attempts = 0;
    const queue = create(queues.store, async (...args) => {
      attempts += 1;
      return attempts === 1 ? deaf() : queues.store.listener.listen(...args);
    });
    await expect(queue.start()).rejects.toThrow('deaf');
    await queue.start();
    const { held } = queues.consume(queue);
    await queues.enqueue(queue);
    await waitUntil(() => held.length === 1);
    await queue.stop();
  });

  test('is not needed before stopping', async () => {
    await expect(create(queues.store, deaf).stop()).resolves.toBeUndefined();
  });
});

describe('installing', () => {
  let empty: TestDatabase;
  let store: Store;

  beforeEach(async () => {
    empty = await createTestDatabase();
    store = openStore({
      url: empty.url,
      poolSize: 2,
      applicationName: 'test',
      onConnectionError: (error) => queues.errors.push(error),
    });
  });

  afterEach(async () => {
    await store.close();
    await empty.drop();
  });

  test('comes before starting', async () => {
    const queue = create(store, store.listener.listen.bind(store.listener));
    await expect(queue.start()).rejects.toThrow('pg-boss');
    await queue.stop();
  });

  test('may be done by several replicas at once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => installQueues(empty.url)));
    const queue = create(store, store.listener.listen.bind(store.listener));
    await queue.start();
    const task = newTask([execution()]);
    await queue.transaction(store.db, (_trx, tasks) => tasks.enqueue('perform', [task]));
    expect(await queue.findLive(store.db, 'perform', [task.id])).toEqual(new Set([task.id]));
    await queue.stop();
  });

  test('again gives queues of an earlier release the options of today', async () => {
    const options = async () => {
      const { rows } = await queues.store.pool.query<object>(
        `SELECT to_jsonb(queue) - 'updated_on' AS options FROM pgboss.queue ORDER BY name`,
      );
      return rows;
    };
    const today = await options();
    await queues.store.pool.query('UPDATE pgboss.queue SET notify = false, heartbeat_seconds = 77');
    await installQueues(queues.url);
    expect(await options()).toEqual(today);
  });

  test('again leaves the tasks that there are', async () => {
    const queue = await queues.start();
    const tasks = await queues.enqueue(queue, 3);
    await installQueues(queues.url);
    const { held } = queues.consume(queue);
    await waitUntil(() => held.length === 3);
    expect(held.map(({ id }) => id).toSorted()).toEqual(tasks.map(({ id }) => id).toSorted());
  });
});
