import {
  type AppProcess,
  createProcessHarness,
  createTestDatabase,
  type FunctionServer,
  type ReceivedCall,
  startFunctionServer,
  type TestDatabase,
  unique,
  waitUntil,
} from '@automation/testing';

import { type ApiClient, apiClient } from './api-client.fixture.ts';
import { migrateAll } from './migrate-all.fixture.ts';

/** Within it a dead worker's executions are taken up again (SPEC 3). */
const TAKEN_UP_MS = 15_000;
const STEP_MS = 30_000;
const KEY = 'admin-key-of-the-tests-0123456789abcdef';

const apps = createProcessHarness();
const workers = createProcessHarness();
let database: TestDatabase;
let functions: FunctionServer;
let api: ApiClient;

beforeAll(async () => {
  database = await createTestDatabase(migrateAll);
  functions = await startFunctionServer();
  const running = apps.start('api', {
    ...settings(),
    API_PORT: '0',
    BOOTSTRAP_ACCOUNT_ID: 'admin',
    BOOTSTRAP_API_KEY: KEY,
  });
  const scheduler = apps.start('scheduler', settings());
  const { event } = await running.untilLine('api started', STEP_MS);
  api = apiClient(`http://127.0.0.1:${String(event['port'])}`, KEY);
  await scheduler.untilLine('scheduler started', STEP_MS);
});

afterEach(() => workers.killAll());

afterAll(async () => {
  await apps.killAll();
  await functions.close();
  await database.drop();
});

const settings = () => ({ DATABASE_URL: database.url, METRICS_PORT: '0', FUNCTION_NETWORK: 'private' });

async function startWorker(env: NodeJS.ProcessEnv = {}): Promise<AppProcess> {
  const worker = workers.start('worker', { ...settings(), ...env });
  await worker.untilLine('worker started', STEP_MS);
  return worker;
}

/** A run of a new job, whose function answers its first perform when `finish` is called, and the later ones at once. */
async function runSlowJob() {
  const path = `/${unique('slow')}`;
  const first = Promise.withResolvers<void>();
  const calls = (phase: string) => functions.calls(path).filter(({ body }) => body['phase'] === phase);
  functions.script(path, async ({ body }) => {
    if (body['phase'] === 'perform' && calls('perform').length === 1) await first.promise;
    return { body: {} };
  });
  const fn = await api.post('/functions', { name: path, url: functions.url(path) });
  const job = await api.post('/automation/jobs', {
    function_id: fn.body['id'],
    name: path,
    schedule: '@yearly',
  });
  const run = await api.post(`/automation/jobs/${String(job.body['id'])}/run`);
  return {
    calls,
    finish: () => first.resolve(),
    untilPerforms: (count: number, timeoutMs = STEP_MS) =>
      waitUntil(() => calls('perform').length === count, { what: `${count} requests to perform`, timeoutMs }),
    untilSucceeded: () =>
      waitUntil(
        async () => {
          const execution = await api.get(`/automation/executions/${String(run.body['id'])}`);
          return execution.body['status'] === 'succeeded';
        },
        { what: 'success', timeoutMs: STEP_MS },
      ),
    job: async () => (await api.get(`/automation/jobs/${String(job.body['id'])}`)).body,
  };
}

const idempotencyKeys = (calls: readonly ReceivedCall[]) =>
  new Set(calls.map(({ headers }) => headers['idempotency-key']));

test('an execution whose worker is killed is taken up within 15 s, under the same key, and counts once (SPEC 3)', async () => {
  const run = await runSlowJob();
  const killed = await startWorker();
  await run.untilPerforms(1);
  await startWorker();
  killed.signal('SIGKILL');
  await run.untilPerforms(2, TAKEN_UP_MS);
  await run.untilSucceeded();
  expect(idempotencyKeys(run.calls('perform')).size).toBe(1);
  expect(run.calls('check')).toHaveLength(1);
  expect(await run.job()).toMatchObject({ run_count: 1, check_count: 1 });
});

test('SIGTERM lets a perform finish, which is then recorded, and exits with 0 (SPEC 6)', async () => {
  const run = await runSlowJob();
  const worker = await startWorker();
  await run.untilPerforms(1);
  worker.signal('SIGTERM');
  await worker.untilLine('stopping');
  run.finish();
  expect(await worker.untilExit()).toEqual({ code: 0, signal: null });
  await run.untilSucceeded();
  expect(run.calls('perform')).toHaveLength(1);
  expect(await run.job()).toMatchObject({ run_count: 1 });
});

test('a perform that takes longer than the grace period is given back, and another worker does it (SPEC 6)', async () => {
  const run = await runSlowJob();
  const worker = await startWorker({ SHUTDOWN_GRACE_MS: '200' });
  await run.untilPerforms(1);
  worker.signal('SIGTERM');
  // Past the grace period and two seconds more it would exit with 1.
  expect(await worker.untilExit()).toEqual({ code: 0, signal: null });

  await startWorker();
  await run.untilSucceeded();
  expect(idempotencyKeys(run.calls('perform')).size).toBe(1);
  expect(run.calls('perform')).toHaveLength(2);
  expect(run.calls('check')).toHaveLength(1);
  expect(await run.job()).toMatchObject({ run_count: 1 });
});
