import { migrate, openStore, type Store } from '@automation/store';
import { createTestDatabase, type TestDatabase, waitUntil } from '@automation/testing';

import {
  type Consumer,
  createTaskQueue,
  type HeldTask,
  installQueues,
  newTask,
  type TaskQueue,
} from './index.ts';
import { execution } from './test-queue.fixture.ts';

let database: TestDatabase;
let store: Store;
let queue: TaskQueue;
const errors: Error[] = [];

beforeAll(async () => {
  database = await createTestDatabase(migrate, installQueues);
});

afterAll(async () => {
  await database.drop();
});

beforeEach(async () => {
  store = openStore({
    url: database.url,
    poolSize: 5,
    applicationName: 'test',
    onConnectionError: (error) => errors.push(error),
  });
  queue = createTaskQueue({
    pool: store.pool,
    listener: store.listener,
    supervise: false,
    onError: (error) => errors.push(error),
  });
  await queue.start();
});

afterEach(async () => {
  await queue.stop();
  await store.pool.query('DELETE FROM pgboss.job');
  await store.close();
  const [error] = errors.splice(0);
  if (error) throw error;
});

function consume(from: TaskQueue = queue, pollIntervalMs = 60_000): { held: HeldTask[]; consumer: Consumer } {
  const held: HeldTask[] = [];
  const consumer = from.consume('check', {
    hasRoom: () => true,
    busyAccounts: () => [],
    onTasks: (tasks) => held.push(...tasks),
    onError: (error) => errors.push(error),
    pollIntervalMs,
  });
  return { held, consumer };
}

const enqueue = (...tasks: ReturnType<typeof newTask>[]) =>
  queue.transaction(store.db, (_trx, writer) => writer.enqueue('check', tasks));

const completeTask = (task: HeldTask) =>
  queue.transaction(store.db, (_trx, writer) => writer.complete('check', [task]));

const stateOf = async (task: { id: string }) => {
  const { rows } = await store.pool.query<{ state: string }>('SELECT state FROM pgboss.job WHERE id = $1', [
    task.id,
  ]);
  return rows[0]?.state;
};

test('a task wakes the consumer by notification when its transaction commits', async () => {
  const { held } = consume();
  const task = newTask([execution(), execution()]);
  await queue.transaction(store.db, async (trx, tasks) => {
    await tasks.enqueue('check', [task]);
    await trx.selectFrom('accounts').selectAll().execute();
    expect(held).toEqual([]);
  });
  // The poll interval is a minute: only the notification can be this quick.
  await waitUntil(() => held.length === 1);
  expect(held[0]).toEqual({ id: task.id, executionIds: task.executionIds, attempt: 0 });
});

test('a task of a transaction that is rolled back never existed', async () => {
  const task = newTask([execution()]);
  const rolledBack = queue.transaction(store.db, async (_trx, tasks) => {
    await tasks.enqueue('check', [task]);
    throw new Error('rolled back');
  });
  await expect(rolledBack).rejects.toThrow('rolled back');
  expect(await stateOf(task)).toBeUndefined();
});

test('a task for later is found by polling, and not before its time', async () => {
  const { held } = consume(queue, 20);
  const task = newTask([execution()], 400);
  const notBefore = Date.now() + 390;
  await enqueue(task);
  await waitUntil(() => held.length === 1);
  expect(Date.now()).toBeGreaterThanOrEqual(notBefore);
});

test('a completed task is gone', async () => {
  const { held, consumer } = consume();
  await enqueue(newTask([execution()]));
  await waitUntil(() => held.length === 1);
  await completeTask(held[0]!);
  consumer.release(held[0]!);
  expect(await stateOf(held[0]!)).toBeUndefined();
});

test('stopping gives held tasks back at once, under the next attempt', async () => {
  const first = consume();
  await enqueue(newTask([execution()]));
  await waitUntil(() => first.held.length === 1);
  await first.consumer.stop();
  const second = consume();
  await waitUntil(() => second.held.length === 1);
  expect(second.held[0]).toEqual({ ...first.held[0], attempt: 1 });
});

test('a task that was handed out again cannot be completed by its former holder', async () => {
  const first = consume();
  await enqueue(newTask([execution()]));
  await waitUntil(() => first.held.length === 1);
  await first.consumer.stop();
  const second = consume();
  await waitUntil(() => second.held.length === 1);
  await completeTask(first.held[0]!);
  expect(await stateOf(second.held[0]!)).toBe('active');
});

test('a consumer without room takes nothing until it is woken with room', async () => {
  let room = false;
  const held: HeldTask[] = [];
  const consumer = queue.consume('check', {
    hasRoom: () => room,
    busyAccounts: () => [],
    onTasks: (tasks) => held.push(...tasks),
    onError: (error) => errors.push(error),
    pollIntervalMs: 60_000,
  });
  const task = newTask([execution()]);
  await enqueue(task);
  await waitUntil(async () => (await stateOf(task)) === 'created');
  expect(held).toEqual([]);
  room = true;
  consumer.wake();
  await waitUntil(() => held.length === 1);
});

test('a task of a dead worker is handed out again within 15 s (SPEC 3)', async () => {
  const supervisor = createTaskQueue({
    pool: store.pool,
    listener: store.listener,
    supervise: true,
    onError: (error) => errors.push(error),
  });
  await supervisor.start();
  const dead = consume();
  await enqueue(newTask([execution()]));
  await waitUntil(() => dead.held.length === 1);
  await dead.consumer.pause();
  // Released without being completed: nobody touches it any more, as if the process had died.
  dead.consumer.release(dead.held[0]!);
  const died = Date.now();
  const heir = consume(queue, 100);
  await waitUntil(() => heir.held.length === 1, { timeoutMs: 16_000 });
  expect(Date.now() - died).toBeLessThan(15_000);
  expect(heir.held[0]).toMatchObject({ id: dead.held[0]!.id, attempt: 1 });
  await supervisor.stop();
});
