import { loadApiConfig, migrateAll, start as startApi, type StartedApi } from '@automation/api';
import {
  createProcessHarness,
  createTestDatabase,
  type FunctionServer,
  type ReceivedCall,
  startFunctionServer,
  type TestDatabase,
  unique,
  waitUntil,
} from '@automation/testing';
import { loadWorkerConfig, type RunningWorker, start as startWorker } from '@automation/worker';

import { type ApiClient, apiClient, type Reply } from './api-client.fixture.ts';

const KEY = 'key-of-the-tests-0123456789abcdefgh';

const processes = createProcessHarness();
let database: TestDatabase;
let api: StartedApi;
let client: ApiClient;
let server: FunctionServer;
let running: RunningWorker[] = [];

beforeAll(async () => {
  database = await createTestDatabase(migrateAll);
  api = await startApi(
    loadApiConfig({
      ...shared(),
      API_PORT: '0',
      BOOTSTRAP_ACCOUNT_ID: 'acc',
      BOOTSTRAP_API_KEY: KEY,
    }),
  );
  client = apiClient(`http://127.0.0.1:${api.port}`, KEY);
  server = await startFunctionServer();
});

afterEach(async () => {
  await processes.killAll();
  await Promise.all(running.map((worker) => worker.stop()));
  running = [];
});

afterAll(async () => {
  await server.close();
  await api.stop();
  await database.drop();
});

const shared = () => ({
  DATABASE_URL: database.url,
  METRICS_PORT: '0',
  FUNCTION_NETWORK: 'private',
  LOG_LEVEL: 'error',
});

async function addWorker(env: NodeJS.ProcessEnv = {}): Promise<RunningWorker> {
  const worker = await startWorker(loadWorkerConfig({ ...shared(), ...env }));
  running.push(worker);
  return worker;
}

/** Starts an execution of a function of its own, by hand. */
async function run(fields: object = {}) {
  const path = `/${unique('fn')}`;
  const fn = await client.post('/functions', { name: 'fn', url: server.url(path) });
  const job = await client.post('/automation/jobs', {
    function_id: fn.body['id'],
    name: unique('job'),
    schedule: '@yearly',
    ...fields,
  });
  const started = await client.post(`/automation/jobs/${String(job.body['id'])}/run`);
  return { path, id: String(started.body['id']), jobId: String(job.body['id']) };
}

const find = async (id: string) => (await client.get(`/automation/executions/${id}`)).body;

const untilStatus = (id: string, status: string) =>
  waitUntil(
    async () => {
      const found = await find(id);
      return found['status'] === status && found;
    },
    { what: `${id} to be ${status}`, timeoutMs: 15_000 },
  );

const untilAccepted = (id: string, phase: 'check' | 'perform') =>
  waitUntil(async () => Reflect.get(Object((await find(id))[phase]), 'status') === 'accepted', {
    what: `the ${phase} of ${id} to be accepted`,
  });

const untilCalled = (path: string, times: number) =>
  waitUntil(() => server.calls(path).length >= times && server.calls(path)[times - 1]);

/** The function says what came of a call, without any API key. */
async function complete({ headers }: ReceivedCall, result: object): Promise<Reply> {
  const id = String(headers['x-automation-execution']);
  const response = await fetch(`http://127.0.0.1:${api.port}/automation/executions/${id}/complete`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-automation-completion-token': String(headers['x-automation-completion-token']),
    },
    body: JSON.stringify(result),
  });
  const body: unknown = await response.json();
  return { status: response.status, body: { ...Object(body) }, items: [] };
}

const LATER = { status: 202, body: { async: true } };

test('202, then completed through the API: the check is passed, and the perform is told to perform (SPEC 4)', async () => {
  const { path, id, jobId } = await run({ payload: { colour: 'blue' } });
  server.script(path, () => LATER);
  await addWorker();
  const check = await untilCalled(path, 1);
  await untilAccepted(id, 'check');
  expect(await find(id)).toMatchObject({
    status: 'checking',
    check: { http_status: 202, attempts: 1, output: {} },
  });

  const checked = await complete(check, { output: { shouldPerform: true, performPayload: { size: 3 } } });

  expect(checked).toMatchObject({
    status: 200,
    body: { status: 'performing', check: { status: 'succeeded' } },
  });
  const perform = await untilCalled(path, 2);
  expect(perform.body).toEqual({ colour: 'blue', size: 3, automation_job: jobId, phase: 'perform' });
  expect(perform.headers['x-automation-completion-token']).not.toBe(
    check.headers['x-automation-completion-token'],
  );
  await untilAccepted(id, 'perform');
  const performed = await complete(perform, { output: { sent: true }, logs: ['one', 'two'] });

  expect(performed).toMatchObject({ status: 200, body: { status: 'succeeded' } });
  expect(await find(id)).toMatchObject({
    status: 'succeeded',
    reason: null,
    check: { status: 'succeeded', attempts: 1, http_status: 202, output: { shouldPerform: true } },
    perform: { status: 'succeeded', attempts: 1, output: { sent: true }, logs: ['one', 'two'] },
  });
  expect((await client.get(`/automation/jobs/${jobId}`)).body).toMatchObject({
    run_count: 1,
    check_count: 1,
  });
  expect(server.calls(path)).toHaveLength(2);
});

test('a check that is completed with "not now" is declined', async () => {
  const { path, id } = await run();
  server.script(path, () => LATER);
  await addWorker();
  const check = await untilCalled(path, 1);
  await untilAccepted(id, 'check');
  expect(await complete(check, { output: { shouldPerform: false } })).toMatchObject({
    status: 200,
    body: { status: 'declined', perform: null },
  });
});

test('one that is completed with an error fails with it, for good', async () => {
  const { path, id } = await run();
  server.script(path, () => LATER);
  await addWorker();
  const check = await untilCalled(path, 1);
  await untilAccepted(id, 'check');
  expect(await complete(check, { error: 'no such city', logs: ['looked'] })).toMatchObject({
    status: 200,
    body: { status: 'failed', reason: 'check: no such city', check: { attempts: 1, logs: ['looked'] } },
  });
});

test('a completion that comes before the 202 is recorded counts; what is answered after it changes nothing', async () => {
  const { path, id, jobId } = await run();
  const replies: Reply[] = [];
  server.script(path, async (call) => {
    replies.push(await complete(call, { output: { from: call.body['phase'] } }));
    return LATER;
  });
  await addWorker();
  expect(await untilStatus(id, 'succeeded')).toMatchObject({
    check: { status: 'succeeded', output: { from: 'check' }, attempts: 1 },
    perform: { status: 'succeeded', output: { from: 'perform' }, attempts: 1 },
  });
  await waitUntil(() => replies.length === 2, { what: 'the answer to the second completion' });
  expect(replies.map(({ status }) => status)).toEqual([200, 200]);
  expect((await client.get(`/automation/jobs/${jobId}`)).body).toMatchObject({ run_count: 1 });
});

test('not completed in time it is tried again, and the last attempt timed out', async () => {
  const { path, id } = await run({ retry_limit: 1 });
  server.script(path, () => ({ status: 202, body: { async: true, timeout_seconds: 0.2 } }));
  await addWorker();
  const first = await untilCalled(path, 1);
  await untilCalled(path, 2);
  const late = await complete(first, { output: {} });
  expect([403, 409]).toContain(late.status);

  expect(await untilStatus(id, 'timed_out')).toMatchObject({
    reason: expect.stringMatching(/^check: accepted, and not completed within \d+ s$/),
    check: { status: 'timed_out', attempts: 2, http_status: 202 },
  });
  const second = server.calls(path)[1]!;
  expect(await complete(second, { output: {} })).toMatchObject({ status: 409 });
  expect(server.calls(path)).toHaveLength(2);
});

test('a worker that crashes between has no part in it: the completion is recorded, and another one performs', async () => {
  const { path, id } = await run();
  server.script(path, ({ body }) => (body['phase'] === 'check' ? LATER : { body: { done: true } }));
  const crashing = processes.start('worker', shared());
  const check = await untilCalled(path, 1);
  await untilAccepted(id, 'check');
  crashing.signal('SIGKILL');
  await crashing.untilExit();

  expect(await complete(check, { output: {} })).toMatchObject({ status: 200 });

  await addWorker();
  expect(await untilStatus(id, 'succeeded')).toMatchObject({ perform: { output: { done: true } } });
});

test('one that crashes before the 202 has come loses nothing: the function has the same token twice, and one counts', async () => {
  const { path, id } = await run();
  server.script(path, () => 'hang');
  const first = await addWorker({ SHUTDOWN_GRACE_MS: '0' });
  const before = await untilCalled(path, 1);
  // It gives its task back unfinished, as the queue does for one that is dead.
  await first.stop();
  expect(await complete(before, { output: { shouldPerform: false }, error: '' })).toMatchObject({
    status: 200,
    body: { status: 'declined', check: { attempts: 1 } },
  });
  expect(await find(id)).toMatchObject({ status: 'declined' });

  const repeated = await run();
  server.script(repeated.path, () => 'hang');
  const second = await addWorker({ SHUTDOWN_GRACE_MS: '0' });
  const begun = await untilCalled(repeated.path, 1);
  await second.stop();
  server.script(repeated.path, () => LATER);
  await addWorker();
  const again = await untilCalled(repeated.path, 2);
  await untilAccepted(repeated.id, 'check');
  expect(again.headers['idempotency-key']).toBe(begun.headers['idempotency-key']);
  expect(await complete(begun, { output: { shouldPerform: false } })).toMatchObject({
    status: 200,
    body: { status: 'declined' },
  });
  expect(await complete(again, { output: {} })).toMatchObject({ status: 409 });
});

test('one that waits for its completion can be cancelled; what the function says after that is refused', async () => {
  const { path, id } = await run();
  server.script(path, () => LATER);
  await addWorker();
  const check = await untilCalled(path, 1);
  await untilAccepted(id, 'check');
  expect(await client.post(`/automation/executions/${id}/cancel`)).toMatchObject({
    status: 200,
    body: { status: 'cancelled', check: { status: 'accepted' } },
  });
  expect(await complete(check, { output: {} })).toMatchObject({ status: 409 });
  expect(await find(id)).toMatchObject({ status: 'cancelled', perform: null });
});
