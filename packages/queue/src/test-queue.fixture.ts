import { randomUUID } from 'node:crypto';

import type { Phase } from '@automation/domain';
import { migrate, openStore, type Store } from '@automation/store';
import { createTestDatabase, waitForSessions } from '@automation/testing';
import { sql } from 'kysely';

import {
  type Consumer,
  type ConsumerOptions,
  createTaskQueue,
  type HeldTask,
  installQueues,
  newTask,
  type NewTask,
  type TaskQueue,
  type TaskQueueOptions,
} from './index.ts';

const hasRoom = () => true;
const ignore = () => undefined;

/** A consumer and what it has taken. */
export interface TestConsumer {
  consumer: Consumer;
  held: HeldTask[];
}

/** What a task names. */
export function execution(accountId = 'acc'): { id: string; accountId: string } {
  return { id: randomUUID(), accountId };
}

/** Queues on a database of their own. */
export interface TestQueues {
  url: string;
  store: Store;
  /** What queues and consumers reported. */
  errors: Error[];
  /** The queue of another process; started, and stopped by `clear`. */
  start(options?: Partial<TaskQueueOptions>): Promise<TaskQueue>;
  /** A consumer that looks at the queue by itself once a minute only, unless told otherwise. */
  consume(queue: TaskQueue, options?: Partial<ConsumerOptions>, phase?: Phase): TestConsumer;
  /** Enqueues so many tasks, each of one execution. */
  enqueue(queue: TaskQueue, count?: number, phase?: Phase, accountId?: string): Promise<NewTask[]>;
  complete(queue: TaskQueue, task: HeldTask): Promise<void>;
  /** The states of tasks, in their order. */
  statesOf(tasks: readonly { id: string }[]): Promise<(string | undefined)[]>;
  /** Stops all queues, and removes tasks and reports. */
  clear(): Promise<void>;
  /** Throws if a connection was left open. */
  dispose(): Promise<void>;
}

export async function openTestQueues(): Promise<TestQueues> {
  const database = await createTestDatabase(migrate, installQueues);
  const errors: Error[] = [];
  const onError = (error: Error) => void errors.push(error);
  const store = openStore({
    url: database.url,
    poolSize: 5,
    applicationName: 'test',
    onConnectionError: ignore,
  });
  waitForSessions(store.pool);
  const queues: TaskQueue[] = [];
  return {
    url: database.url,
    store,
    errors,
    start: async (options = {}) => {
      const { pool, listener } = store;
      const queue = createTaskQueue({ pool, listener, supervise: false, onError, ...options });
      queues.push(queue);
      await queue.start();
      return queue;
    },
    consume: (queue, options = {}, phase = 'check') => {
      const held: HeldTask[] = [];
      const consumer = queue.consume(phase, {
        hasRoom,
        busyAccounts: () => [],
        onTasks: (tasks) => held.push(...tasks),
        onError,
        pollIntervalMs: 60_000,
        ...options,
      });
      return { consumer, held };
    },
    enqueue: async (queue, count = 1, phase = 'check', accountId = 'acc') => {
      const tasks = Array.from({ length: count }, () => newTask([execution(accountId)]));
      await queue.transaction(store.db, (_trx, writer) => writer.enqueue(phase, tasks));
      return tasks;
    },
    complete: (queue, task) =>
      queue.transaction(store.db, (_trx, writer) => writer.complete('check', [task])),
    statesOf: async (tasks) => {
      const ids = tasks.map(({ id }) => id);
      const { rows } = await sql<{ id: string; state: string }>`
        SELECT id, state::text FROM pgboss.job WHERE id = ANY(${ids}::uuid[])`.execute(store.db);
      const stateOf = new Map(rows.map(({ id, state }) => [id, state]));
      return ids.map((id) => stateOf.get(id));
    },
    clear: async () => {
      await Promise.allSettled(queues.splice(0).map((queue) => queue.stop()));
      await sql`DELETE FROM pgboss.job`.execute(store.db);
      errors.splice(0);
    },
    dispose: async () => {
      await store.close();
      await database.drop();
    },
  };
}
