import { loadApiConfig, migrateAll, start as startApi } from '@automation/api';
import { loadSchedulerConfig, type RunningScheduler, start as startScheduler } from '@automation/scheduler';
import type { Running } from '@automation/service-kit';
import { measureStorage, openStore, type Store } from '@automation/store';
import {
  createTestDatabase,
  type FunctionServer,
  scrape,
  startFunctionServer,
  type TestDatabase,
  waitUntil,
} from '@automation/testing';
import { loadWorkerConfig, start as startWorker } from '@automation/worker';

import { type ApiClient, apiClient } from './api-client.fixture.ts';

const KEY = 'key-of-the-storage-test-0123456789abcdef';

let database: TestDatabase;
let store: Store;
let functions: FunctionServer;
let env: NodeJS.ProcessEnv;
let client: ApiClient;
let scheduler: RunningScheduler;
const running: Running[] = [];

beforeAll(async () => {
  database = await createTestDatabase(migrateAll);
  store = openStore({
    url: database.url,
    poolSize: 2,
    applicationName: 'test',
    onConnectionError: () => undefined,
  });
  functions = await startFunctionServer();
  env = { DATABASE_URL: database.url, METRICS_PORT: '0', FUNCTION_NETWORK: 'private', LOG_LEVEL: 'error' };
  const bootstrap = { BOOTSTRAP_ACCOUNT_ID: 'acc', BOOTSTRAP_API_KEY: KEY };
  const api = await startApi(loadApiConfig({ ...env, ...bootstrap, API_PORT: '0' }));
  running.push(api, await startWorker(loadWorkerConfig(env)));
  await startSchedulerWithin('0');
  client = apiClient(`http://127.0.0.1:${api.port}`, KEY);
});

afterAll(async () => {
  await scheduler.stop();
  for (const each of running) await each.stop();
  await functions.close();
  await store.close();
  await database.drop();
});

async function startSchedulerWithin(maxBytes: string): Promise<void> {
  scheduler = await startScheduler(loadSchedulerConfig({ ...env, MAX_STORAGE_BYTES: maxBytes }));
}

/** Executions of today that are over, of a job that is gone; some megabytes. */
const fillToday = () =>
  store.pool.query(
    `INSERT INTO automation_executions (id, job_id, account_id, function_id, trigger, scheduled_for, due_at, status,
                                        reason, completed_at)
     SELECT gen_random_uuid(), gen_random_uuid(), 'gone', 'gone', 'manual', now(), now(), 'failed',
            repeat('x', 1000), now()
     FROM generate_series(1, 3000)`,
  );

async function totalBytes(): Promise<number> {
  const { history, definitions, queue } = await measureStorage(store.db, 'pgboss');
  return history + definitions + queue;
}

/** A job of every second whose function answers at once, and ways to it. */
async function createJob() {
  functions.script('/fn', () => ({ body: {} }));
  const fn = await client.post('/functions', { name: 'fn', url: functions.url('/fn') });
  const definition = { function_id: fn.body['id'], name: 'job', schedule: '@every 1s' };
  const { body } = await client.post('/automation/jobs', definition);
  const path = `/automation/jobs/${String(body['id'])}`;
  const executions = async () => (await client.get(`${path}/executions?status=succeeded`)).items;
  const audit = async () => (await client.get(`${path}/audit`)).body;
  return { executions, audit };
}

test('history that is dropped to save storage is nothing that the audit misses (SPEC 3, SPEC 5)', async () => {
  const job = await createJob();
  await waitUntil(async () => (await job.executions()).length >= 2);
  await fillToday();
  const [oldest] = (await job.executions()).toReversed();
  const before = await totalBytes();
  await scheduler.stop();
  await startSchedulerWithin(String(before));

  await waitUntil(async () => (await totalBytes()) < before * 0.9, { timeoutMs: 30_000 });
  await waitUntil(async () => (await job.executions()).length >= 2);
  expect((await job.executions()).map(({ id }) => id)).not.toContain(oldest?.['id']);
  const audit = await job.audit();
  expect(audit).toMatchObject({ unaccounted: 0, unexpected: 0 });
  expect(Number(audit['succeeded'])).toBeGreaterThanOrEqual(2);
  expect(Date.parse(String(audit['history_from']))).toBeGreaterThan(
    Date.parse(String(oldest?.['scheduled_for'])),
  );
  expect((await client.get('/automation/audit')).body).toMatchObject({ unaccounted: 0, defects: [] });
});

const partsOf = async () => {
  const { value } = await scrape(scheduler.metricsPort);
  return ['history', 'definitions', 'queue'].map((part) => value('automation_storage_bytes', { part }));
};

test('the metric shows what storage is used', async () => {
  const parts = await waitUntil(async () => {
    const values = await partsOf();
    return values.every((bytes) => bytes !== undefined && bytes > 0) && values;
  });
  expect(parts).toHaveLength(3);
});
