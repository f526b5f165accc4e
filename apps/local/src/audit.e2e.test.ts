import { loadApiConfig, migrateAll, start as startApi } from '@automation/api';
import { loadSchedulerConfig, start as startScheduler } from '@automation/scheduler';
import type { Running } from '@automation/service-kit';
import {
  createTestDatabase,
  type FunctionServer,
  startFunctionServer,
  type TestDatabase,
  waitUntil,
} from '@automation/testing';
import { loadWorkerConfig, start as startWorker } from '@automation/worker';

import { type ApiClient, apiClient } from './api-client.fixture.ts';

const KEY = 'key-of-the-audit-test-0123456789abcdef';

let database: TestDatabase;
let functions: FunctionServer;
let env: NodeJS.ProcessEnv;
let client: ApiClient;
let scheduler: Running;
const running: Running[] = [];

beforeAll(async () => {
  database = await createTestDatabase(migrateAll);
  functions = await startFunctionServer();
  env = {
    DATABASE_URL: database.url,
    METRICS_PORT: '0',
    FUNCTION_NETWORK: 'private',
    LOG_LEVEL: 'error',
  };
  const bootstrap = { BOOTSTRAP_ACCOUNT_ID: 'acc', BOOTSTRAP_API_KEY: KEY };
  const api = await startApi(loadApiConfig({ ...env, ...bootstrap, API_PORT: '0' }));
  running.push(api, await startWorker(loadWorkerConfig(env)));
  scheduler = await startScheduler(loadSchedulerConfig(env));
  client = apiClient(`http://127.0.0.1:${api.port}`, KEY);
});

afterAll(async () => {
  await scheduler.stop();
  for (const each of running) await each.stop();
  await functions.close();
  await database.drop();
});

/** A job of every second, and ways to it. */
async function createJob(path: string) {
  const fn = await client.post('/functions', { name: path, url: functions.url(path) });
  const definition = { function_id: fn.body['id'], name: path, schedule: '@every 1s' };
  const { body } = await client.post('/automation/jobs', definition);
  const address = `/automation/jobs/${String(body['id'])}`;
  const read = async () => (await client.get(address)).body;
  const patch = async (changes: object) => {
    expect(await client.patch(address, changes)).toMatchObject({ status: 200 });
  };
  /** Waits for further performs. */
  const untilRun = async (times: number) => {
    const before = Number((await read())['run_count']);
    await waitUntil(async () => Number((await read())['run_count']) >= before + times);
  };
  const audit = async () => (await client.get(`${address}/audit`)).body;
  return { read, patch, untilRun, audit };
}

/** Nobody claims until the job is seconds late. */
async function outage(read: () => Promise<Record<string, unknown>>): Promise<void> {
  await scheduler.stop();
  await waitUntil(async () => Date.parse(String((await read())['next_run'])) < Date.now() - 2_500);
  scheduler = await startScheduler(loadSchedulerConfig(env));
}

function accountedFor(audit: Record<string, unknown>): number {
  const kinds = ['succeeded', 'declined', 'failed', 'timed_out', 'cancelled', 'skipped', 'missed', 'open'];
  return kinds.reduce((sum, kind) => sum + Number(audit[kind]), 0);
}

const CLEAN = { due: 0, open: 0, unaccounted: 0, unexpected: 0, unreadable: 0 };

test('after a life with everything in it nothing is unaccounted for (SPEC 3)', async () => {
  functions.script('/all', ({ body }) => ({ body: { shouldPerform: body['phase'] === 'check' } }));
  const job = await createJob('/all');
  await job.untilRun(2);
  await job.patch({ schedule: '@every 1500ms', jitter_seconds: 1 });
  await job.untilRun(1);
  await job.patch({ enabled: false });
  await job.patch({ schedule: '@every 1s', jitter_seconds: 0 });
  await job.patch({ enabled: true });
  await job.untilRun(1);
  await outage(job.read);
  await job.untilRun(1);
  await job.patch({ max_runs: Number((await job.read())['run_count']) + 2 });
  await waitUntil(async () => (await job.read())['status'] === 'completed');

  const audit = await job.audit();
  expect(audit).toMatchObject({ ...CLEAN, failed: 0 });
  expect(Number(audit['missed'])).toBeGreaterThanOrEqual(1);
  expect(audit['succeeded']).toBe((await job.read())['run_count']);
  expect(audit['expected']).toBe(accountedFor(audit));
});

test('a job that its function stops is accounted for up to then, and nothing after it is expected', async () => {
  functions.script('/gone', () => ({ status: 410 }));
  const job = await createJob('/gone');
  await waitUntil(async () => (await job.read())['status'] === 'paused');
  const paused = Date.now();
  // Until it is past an occurrence that there would be if the job went on.
  const audit = await waitUntil(async () => {
    const latest = await job.audit();
    return Date.parse(String(latest['to'])) > paused + 1_000 && latest;
  });
  expect(audit).toMatchObject({ ...CLEAN, failed: 1 });
  expect(audit['expected']).toBe(accountedFor(audit));
  expect((await client.get('/automation/audit')).body).toMatchObject({ ...CLEAN, defects: [] });
});
