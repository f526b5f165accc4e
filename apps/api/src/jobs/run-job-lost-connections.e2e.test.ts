import type { Execution } from '@automation/domain';
import { createTaskQueue, installQueues, type TaskQueue } from '@automation/queue';
import { createRegistry, noTracer, Readiness } from '@automation/service-kit';
import { jobs, migrate, openStore, type Store } from '@automation/store';
import {
  buildCreation,
  buildJob,
  clearLedger,
  createTestDatabase,
  type Fault,
  LOSSES,
  loseEachConnection,
  MANY_JOBS,
  snapshotLedger,
  survivalFaults,
  type TestDatabase,
  watchStatements,
  recordingLogger,
} from '@automation/testing';

import { loadApiConfig } from '../config.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { runOnce } from '../http/idempotency.ts';
import type { Caller } from '../http/route.ts';
import { createLimits } from '../limits/limits.ts';
import { createApiMetrics } from '../metrics.ts';
import { runJob } from './run-job.ts';

const ignore = () => undefined;
const CALLER: Caller = {
  accountId: 'acc',
  actor: { kind: 'api_key', id: 'key' },
  clientAddress: null,
  requestId: 'request',
};

let database: TestDatabase;
let store: Store;
let queue: TaskQueue;
let api: ApiDependencies;

beforeAll(async () => {
  database = await createTestDatabase(migrate, installQueues);
  store = openStore({ url: database.url, poolSize: 4, applicationName: 'test', onConnectionError: ignore });
  queue = createTaskQueue({ pool: store.pool, listener: store.listener, supervise: false, onError: ignore });
  await queue.start();
  const metrics = createApiMetrics(createRegistry('api'), 0);
  api = {
    store,
    keys: { find: () => Promise.reject(new Error('no key is shown')), forget: ignore },
    tokens: null,
    accounts: { find: () => Promise.reject(new Error('no account is looked up')) },
    external: { accounts: null, functions: null },
    queue,
    invoker: { invoke: () => Promise.reject(new Error('no function is asked')) },
    eventStreams: { open: ignore },
    limits: createLimits(loadApiConfig({ DATABASE_URL: database.url }), { db: store.db, metrics }),
    metrics,
    logger: recordingLogger(),
    tracer: noTracer,
    clock: { now: () => new Date('2026-03-04T05:06:07.008Z') },
    egress: { network: 'private' },
    readiness: new Readiness({}),
    outage: { isDown: false, noticed: () => true },
  };
});

afterAll(async () => {
  await queue.stop();
  await store.close();
  await database.drop();
});

async function arrange(): Promise<string> {
  await clearLedger(store.pool);
  await store.pool.query('DELETE FROM idempotency_keys');
  const job = buildJob({ accountId: 'acc', functionId: 'fn', name: 'job' });
  await store.db.transaction().execute((trx) => jobs.insert(trx, job, buildCreation(job), MANY_JOBS));
  return job.id;
}

const run = (id: string) => runJob(api, CALLER, id, async () => undefined);

test('a manual run is written wholly or not at all', async () => {
  const observe = () => snapshotLedger(store.pool);
  const result = await loseEachConnection(store.pool, { arrange, attempt: run, observe });
  expect(result.statements[0]).toBe('begin');
  expect(result.statements.at(-1)).toBe('commit');
  expect(survivalFaults(result)).toEqual([]);
});

const countRuns = async () => {
  const { rows } = await store.pool.query<{ count: number }>('SELECT count(*) FROM automation_executions');
  return rows[0]!.count;
};

const replyOf = (execution: Execution) => ({ status: 202, body: { id: execution.id } });

/** Asks for a run under an Idempotency-Key, as the route does; false if there is no answer. */
async function askOnce(id: string): Promise<boolean> {
  const request = { key: 'k', caller: CALLER, method: 'post', path: '/run', body: {}, showsSecret: false };
  const answered = runOnce(api, request, async (keepAnswer) => {
    const execution = await runJob(api, CALLER, id, (trx, started) => keepAnswer(trx, replyOf(started)));
    return replyOf(execution);
  });
  return answered.then(
    () => true,
    () => false,
  );
}

async function askAgainAfter(fault: Fault): Promise<string[]> {
  const id = await arrange();
  const watch = watchStatements(store.pool, fault);
  await askOnce(id);
  await watch.stop();
  const faults = [];
  const isAnswered = await askOnce(id);
  if ((await countRuns()) !== (isAnswered ? 1 : 0)) faults.push('not run once when asked again');
  // By then a request without an answer has been given up.
  await store.pool.query(`UPDATE idempotency_keys SET created_at = created_at - interval '3 minutes'`);
  if (!(await askOnce(id)) || (await countRuns()) !== 1) faults.push('not run once in the end');
  return faults.map((text) => `${fault.loss} ${fault.nth}, ${watch.sent[fault.nth]?.slice(0, 50)}: ${text}`);
}

test('asked for again under its Idempotency-Key after any loss, a manual run is not made twice (SPEC 5)', async () => {
  const id = await arrange();
  const watch = watchStatements(store.pool);
  expect(await askOnce(id)).toBe(true);
  await watch.stop();
  const faults: string[] = [];
  for (const nth of watch.sent.keys())
    for (const loss of LOSSES) faults.push(...(await askAgainAfter({ nth, loss })));
  expect(faults).toEqual([]);
});
