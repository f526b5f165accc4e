import { type Execution, type Job, type NewJob, newId } from '@automation/domain';
import { createTaskQueue, installQueues, newTask, type TaskQueue } from '@automation/queue';
import { accounts, executions, functions, jobs, migrate, openStore, type Store } from '@automation/store';
import {
  buildAccount,
  buildCreation,
  buildFunction,
  buildJob,
  createTestDatabase,
  type FunctionServer,
  MANY_JOBS,
  startFunctionServer,
  waitForSessions,
  waitUntil,
} from '@automation/testing';

import { loadWorkerConfig, type RunningWorker, start, type WorkerConfig } from './index.ts';

/** Workers on a database of their own, and a server with the functions that they invoke. */
export interface TestWorkers {
  store: Store;
  queue: TaskQueue;
  server: FunctionServer;
  config(env?: NodeJS.ProcessEnv): WorkerConfig;
  /** Starts a worker as in production; `stopAll` stops it. */
  start(env?: NodeJS.ProcessEnv): Promise<RunningWorker>;
  /** A function of its own at a path of its own, and a job that names it. */
  newJob(definition?: Partial<NewJob>): Promise<{ job: Job; path: string }>;
  /** Starts a manual run of a job, as the api does. */
  run(job: Job): Promise<Execution>;
  find(execution: { id: string }): Promise<Execution>;
  untilFinished(execution: { id: string }): Promise<Execution>;
  /** How many tasks nobody has completed yet. */
  openTasks(): Promise<number>;
  /** How many of them are due or in a worker's hands. */
  dueTasks(): Promise<number>;
  /** Makes tasks that wait for their time due now. */
  skipDelays(): Promise<void>;
  /** Stops the workers that are left, and forgets their tasks. */
  stopAll(): Promise<void>;
  dispose(): Promise<void>;
}

const onError = () => undefined;

export async function openTestWorkers(): Promise<TestWorkers> {
  const database = await createTestDatabase(migrate, installQueues);
  const store = openStore({
    url: database.url,
    poolSize: 5,
    applicationName: 'test',
    onConnectionError: onError,
  });
  waitForSessions(store.pool);
  const queue = createTaskQueue({ pool: store.pool, listener: store.listener, supervise: false, onError });
  await queue.start();
  const server = await startFunctionServer();
  const running: RunningWorker[] = [];
  const config = (env: NodeJS.ProcessEnv = {}) =>
    loadWorkerConfig({
      DATABASE_URL: database.url,
      METRICS_PORT: '0',
      FUNCTION_NETWORK: 'private',
      LOG_LEVEL: 'error',
      ...env,
    });
  const stopAll = async () => {
    await Promise.all(running.splice(0).map((worker) => worker.stop()));
    await store.pool.query('DELETE FROM pgboss.job');
  };
  return {
    store,
    queue,
    server,
    config,
    start: async (env) => {
      const worker = await start(config(env));
      running.push(worker);
      return worker;
    },
    newJob: (definition) => newJob(store, server, definition),
    run: (job) => run(store, queue, job),
    ...ledgerOf(store),
    ...tasksOf(store),
    stopAll,
    dispose: async () => {
      await stopAll();
      await server.close();
      await queue.stop();
      await store.close();
      await database.drop();
    },
  };
}

function ledgerOf(store: Store): Pick<TestWorkers, 'find' | 'untilFinished'> {
  const find = async ({ id }: { id: string }) => {
    const execution = await executions.find(store.db, id);
    if (execution === undefined) throw new Error(`no execution ${id}`);
    return execution;
  };
  return {
    find,
    untilFinished: (execution) =>
      waitUntil(async () => {
        const found = await find(execution);
        return found.completedAt !== null && found;
      }),
  };
}

function tasksOf(store: Store): Pick<TestWorkers, 'openTasks' | 'dueTasks' | 'skipDelays'> {
  const count = async (condition: string) => {
    const { rows } = await store.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pgboss.job WHERE ${condition}`,
    );
    return rows[0]?.count ?? 0;
  };
  return {
    openTasks: () => count('true'),
    dueTasks: () => count('start_after <= now()'),
    skipDelays: async () => {
      await store.pool.query(
        `UPDATE pgboss.job SET start_after = now() WHERE state = 'created' AND start_after > now()`,
      );
    },
  };
}

async function newJob(store: Store, server: FunctionServer, definition: Partial<NewJob> = {}) {
  const account = buildAccount();
  const fn = buildFunction({ accountId: account.id });
  const path = `/${fn.id}`;
  const job = buildJob({ accountId: account.id, functionId: fn.id, ...definition });
  await accounts.insert(store.db, account);
  await functions.insert(store.db, { ...fn, url: server.url(path) });
  await store.db.transaction().execute((trx) => jobs.insert(trx, job, buildCreation(job), MANY_JOBS));
  return { job, path };
}

async function run(store: Store, queue: TaskQueue, job: Job): Promise<Execution> {
  return queue.transaction(store.db, async (trx, tasks) => {
    const requestedAt = new Date();
    const id = newId(requestedAt);
    const { id: jobId, accountId, functionId } = job;
    const task = newTask([{ id, accountId }]);
    await jobs.findForUpdate(trx, jobId);
    const manual = { id, jobId, accountId, functionId, requestedAt, taskId: task.id };
    const execution = await executions.insertManual(trx, manual);
    await tasks.enqueue('check', [task]);
    return execution;
  });
}
