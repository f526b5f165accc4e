import type { Job, NewJob } from '@automation/domain';
import { createTaskQueue, installQueues, type TaskQueue } from '@automation/queue';
import { jobs, migrate, openStore, type Store } from '@automation/store';
import {
  buildCreation,
  buildJob,
  clearLedger,
  createTestDatabase,
  MANY_JOBS,
  waitForSessions,
} from '@automation/testing';

export interface SchedulerDatabase {
  url: string;
  store: Store;
  queue: TaskQueue;
  /** Empties the ledger and the queues. */
  clear(): Promise<void>;
  /** Closes all and drops the database. Throws if a connection was left open. */
  dispose(): Promise<void>;
}

/** What a scheduler works with, on a database of its own. */
export async function openSchedulerDatabase(): Promise<SchedulerDatabase> {
  const database = await createTestDatabase(migrate, installQueues);
  const store = openStore({
    url: database.url,
    poolSize: 8,
    applicationName: 'test',
    onConnectionError: () => undefined,
  });
  waitForSessions(store.pool);
  const { pool, listener } = store;
  const queue = createTaskQueue({ pool, listener, supervise: false, onError: () => undefined });
  await queue.start();
  return {
    url: database.url,
    store,
    queue,
    clear: () => clearLedger(pool),
    dispose: async () => {
      await queue.stop();
      await store.close();
      await database.drop();
    },
  };
}

const refuse = () => Promise.reject(new Error('no queue'));

/** A queue that takes no task. */
export const brokenQueue: Pick<TaskQueue, 'transaction'> = {
  transaction: (db, work) =>
    db.transaction().execute((trx) => work(trx, { enqueue: refuse, complete: refuse })),
};

/** Stores a job that is due since a second ago, unless its state says otherwise. */
export async function insertDueJob(
  { db }: Store,
  definition: Partial<NewJob> = {},
  state: Partial<Job> = {},
): Promise<Job> {
  const nextRun = new Date(Date.now() - 1_000);
  const job = buildJob({ accountId: 'acc', functionId: 'fn', ...definition }, { nextRun, ...state });
  await db.transaction().execute((trx) => jobs.insert(trx, job, buildCreation(job), MANY_JOBS));
  return job;
}
