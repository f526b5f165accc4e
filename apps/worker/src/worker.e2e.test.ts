import type { AutomationFunction, Execution, Job, NewJob } from '@automation/domain';
import { instantText, newId } from '@automation/domain';
import { createTaskQueue, installQueues, newTask, type TaskQueue } from '@automation/queue';
import { accounts, executions, functions, jobs, migrate, openStore, type Store } from '@automation/store';
import {
  type Answer,
  buildAccount,
  buildCreation,
  buildFunction,
  buildJob,
  createTestDatabase,
  type FunctionServer,
  MANY_JOBS,
  startFunctionServer,
  type TestDatabase,
  waitUntil,
} from '@automation/testing';

import { loadWorkerConfig, type RunningWorker, start } from './index.ts';

let database: TestDatabase;
let store: Store;
let queue: TaskQueue;
let server: FunctionServer;
let running: RunningWorker[] = [];

beforeAll(async () => {
  database = await createTestDatabase(migrate, installQueues);
  store = openStore({
    url: database.url,
    poolSize: 5,
    applicationName: 'test',
    onConnectionError: () => undefined,
  });
  queue = createTaskQueue({
    pool: store.pool,
    listener: store.listener,
    supervise: false,
    onError: () => undefined,
  });
  await queue.start();
  server = await startFunctionServer();
});

afterEach(async () => {
  await Promise.all(running.map((worker) => worker.stop()));
  running = [];
  // What a stopped worker gave back is not the next test's.
  await store.pool.query('DELETE FROM pgboss.job');
});

afterAll(async () => {
  await server.close();
  await queue.stop();
  await store.close();
  await database.drop();
});

async function startWorker(env: NodeJS.ProcessEnv = {}): Promise<RunningWorker> {
  const worker = await start(
    loadWorkerConfig({
      DATABASE_URL: database.url,
      METRICS_PORT: '0',
      FUNCTION_NETWORK: 'private',
      LOG_LEVEL: 'error',
      ...env,
    }),
  );
  running.push(worker);
  return worker;
}

/** A function of its own at a path of its own, and a job that names it. */
async function setup(
  definition: Partial<NewJob> = {},
  state: Partial<Job> = {},
  fn: Partial<AutomationFunction> = {},
) {
  const account = buildAccount();
  const built = buildFunction({ accountId: account.id, ...fn });
  const path = `/${built.id}`;
  const registered = { ...built, url: fn.url ?? server.url(path) };
  const job = buildJob({ accountId: account.id, functionId: registered.id, ...definition }, state);
  await accounts.insert(store.db, account);
  await functions.insert(store.db, registered);
  await store.db.transaction().execute((trx) => jobs.insert(trx, job, buildCreation(job), MANY_JOBS));
  return { job, path, fn: registered };
}

async function enqueue(job: Job): Promise<Execution> {
  return queue.transaction(store.db, async (trx, tasks) => {
    const requestedAt = new Date();
    const id = newId(requestedAt);
    const task = newTask([{ id, accountId: job.accountId }]);
    const run = { id, jobId: job.id, accountId: job.accountId, functionId: job.functionId, requestedAt };
    await jobs.findForUpdate(trx, job.id);
    const execution = await executions.insertManual(trx, { ...run, taskId: task.id });
    await tasks.enqueue('check', [task]);
    return execution;
  });
}

const untilFinished = (execution: Execution) =>
  waitUntil(async () => {
    const found = await executions.find(store.db, execution.id);
    return (found?.completedAt ?? null) !== null && found;
  });

const passing = () => ({ body: { shouldPerform: true } });

test('the function is asked to check, then told to perform, then it is recorded (SPEC 3.6 to 3.8)', async () => {
  const { job, path } = await setup({ payload: { colour: 'blue', phase: 'mine' } });
  server.script(path, ({ body }) =>
    body['phase'] === 'check'
      ? { body: { performPayload: { size: 3, automation_job: 'x' } } }
      : { body: { done: true } },
  );
  await startWorker();
  const execution = await untilFinished(await enqueue(job));
  expect(server.calls(path).map((call) => call.body)).toEqual([
    { colour: 'blue', automation_job: job.id, phase: 'check' },
    { colour: 'blue', size: 3, automation_job: job.id, phase: 'perform' },
  ]);
  expect(execution).toMatchObject({
    status: 'succeeded',
    reason: null,
    check: { status: 'succeeded', attempts: 1, httpStatus: 200 },
    perform: { status: 'succeeded', output: { done: true }, input: { size: 3 } },
  });
  expect(await jobs.find(store.db, job.id)).toMatchObject({ runCount: 1, checkCount: 1, inFlight: 0 });
});

test.each([
  ['an empty object means perform', {}, true],
  ['an empty body means perform', undefined, true],
  ['true', { shouldPerform: true }, true],
  ['false', { shouldPerform: false }, false],
  ['the string TRUE', { shouldPerform: 'TRUE' }, true],
  ['any other string', { shouldPerform: 'yes' }, false],
  ['a number that is not 0', { shouldPerform: -1 }, true],
  ['0', { shouldPerform: 0 }, false],
])('shouldPerform is read as the seed does: %s', async (_what, answer, performs) => {
  const { job, path } = await setup();
  server.script(path, () => ({ body: answer }));
  await startWorker();
  const execution = await untilFinished(await enqueue(job));
  expect(execution.status).toBe(performs ? 'succeeded' : 'declined');
  expect(server.calls(path)).toHaveLength(performs ? 2 : 1);
});

test('an invocation carries the headers of SPEC 4', async () => {
  const { job, path, fn } = await setup({}, {}, { headers: { 'x-mine': 'yes' } });
  server.script(path, passing);
  await startWorker();
  const execution = await untilFinished(await enqueue(job));
  const [check, perform] = server.calls(path);
  expect(check!.headers).toMatchObject({
    'content-type': 'application/json',
    'idempotency-key': `${execution.id}:check`,
    'x-automation-account': job.accountId,
    'x-automation-job': job.id,
    'x-automation-function': fn.id,
    'x-automation-execution': execution.id,
    'x-automation-phase': 'check',
    'x-automation-attempt': '1',
    'x-automation-scheduled-for': instantText(execution.scheduledFor),
    'x-mine': 'yes',
    'webhook-id': `${execution.id}:check`,
    traceparent: expect.stringMatching(
      new RegExp(`^00-${execution.id.replaceAll('-', '')}-[0-9a-f]{16}-01$`),
    ),
  });
  expect(check!.headers['webhook-signature']).toMatch(/^v1,/);
  expect(perform!.headers).toMatchObject({
    'idempotency-key': `${execution.id}:perform`,
    'x-automation-phase': 'perform',
  });
});

test('an attempt that failed for a passing reason is made again, up to retry_limit (SPEC 4)', async () => {
  const { job, path } = await setup({ retryLimit: 1 });
  server.script(path, ({ headers }) =>
    headers['x-automation-attempt'] === '1' ? { status: 503 } : passing(),
  );
  await startWorker();
  const execution = await untilFinished(await enqueue(job));
  expect(execution).toMatchObject({ status: 'succeeded', check: { attempts: 2 }, perform: { attempts: 2 } });
  const keys = server.calls(path).map((call) => call.headers['idempotency-key']);
  expect(keys).toEqual([
    `${execution.id}:check`,
    `${execution.id}:check`,
    `${execution.id}:perform`,
    `${execution.id}:perform`,
  ]);
});

test('each attempt is in the ledger: when it was made, how long its parts took, when the next one was planned for', async () => {
  const { job, path } = await setup({ retryLimit: 2 });
  server.script(path, ({ headers }) =>
    headers['x-automation-attempt'] === '3' ? { body: { shouldPerform: false } } : { status: 503 },
  );
  await startWorker();
  const { check } = await untilFinished(await enqueue(job));
  const log = check?.attemptLog ?? [];
  const measured = expect.any(Number);
  const times = { connectMs: measured, waitMs: measured, bodyMs: measured };
  const failed = { status: 'retrying', httpStatus: 503, error: 'HTTP 503 Service Unavailable', times };
  expect(log).toMatchObject([
    { number: 1, ...failed },
    { number: 2, ...failed },
    { number: 3, status: 'succeeded', httpStatus: 200, error: '', times, retryAt: null },
  ]);
  const [backoff, longer] = log.map(({ completedAt, retryAt }) => Number(retryAt) - completedAt.getTime());
  expect(backoff).toBeGreaterThanOrEqual(500);
  expect(longer).toBeGreaterThanOrEqual(1_000);
  const early = log.slice(1).filter(({ startedAt }, index) => startedAt < log[index]!.retryAt!);
  expect(early).toEqual([]);
  expect(check).toMatchObject({ attempts: 3, startedAt: log[2]?.startedAt });
});

test('when retry_limit is used up the execution failed, with its reason', async () => {
  const { job, path } = await setup({ retryLimit: 1 });
  server.script(path, () => ({ status: 500, body: 'broken' }));
  await startWorker();
  const execution = await untilFinished(await enqueue(job));
  expect(execution).toMatchObject({
    status: 'failed',
    check: { status: 'failed', attempts: 2, httpStatus: 500 },
    perform: null,
  });
  expect(execution.reason).toContain('HTTP 500');
  expect(await jobs.find(store.db, job.id)).toMatchObject({
    runCount: 0,
    checkCount: 1,
    consecutiveFailures: 1,
  });
});

test('a permanent failure is not tried again', async () => {
  const { job, path } = await setup();
  server.script(path, () => ({ status: 404 }));
  await startWorker();
  expect(await untilFinished(await enqueue(job))).toMatchObject({
    status: 'failed',
    check: { attempts: 1, httpStatus: 404 },
  });
});

test('a function that does not answer in time has timed out (SPEC 4)', async () => {
  const { job, path } = await setup({ timeoutSeconds: 1, retryLimit: 0 });
  server.script(path, () => 'hang');
  await startWorker();
  expect(await untilFinished(await enqueue(job))).toMatchObject({
    status: 'timed_out',
    check: { status: 'timed_out' },
  });
});

test('410 pauses the job (SPEC 4)', async () => {
  const { job, path } = await setup();
  server.script(path, () => ({ status: 410 }));
  await startWorker();
  await untilFinished(await enqueue(job));
  expect(await jobs.find(store.db, job.id)).toMatchObject({
    status: 'paused',
    enabled: false,
    nextRun: null,
  });
});

test('a function that was deleted fails the execution and says so', async () => {
  const { job, fn } = await setup();
  await functions.remove(store.db, job.accountId, fn.id);
  await startWorker();
  expect(await untilFinished(await enqueue(job))).toMatchObject({
    status: 'failed',
    reason: `check: function ${fn.id} no longer exists`,
  });
});

test('private addresses are refused unless FUNCTION_NETWORK allows them', async () => {
  const { job, path } = await setup();
  await startWorker({ FUNCTION_NETWORK: '' });
  expect(await untilFinished(await enqueue(job))).toMatchObject({
    status: 'failed',
    check: { attempts: 1, httpStatus: null },
  });
  expect(server.calls(path)).toEqual([]);
});

test('an answer with characters that PostgreSQL cannot hold is recorded all the same', async () => {
  const { job, path } = await setup();
  server.script(path, () => ({ body: '{"shouldPerform": false, "text": "a\\u0000b"}' }));
  await startWorker();
  expect(await untilFinished(await enqueue(job))).toMatchObject({
    status: 'declined',
    check: { output: { text: 'a\uFFFDb' } },
  });
});

test('max_runs is never exceeded, and the job is completed with the last run (SPEC 1)', async () => {
  const { job, path } = await setup({ maxRuns: 2 });
  server.script(path, passing);
  await startWorker();
  await untilFinished(await enqueue(job));
  await untilFinished(await enqueue(job));
  expect(await jobs.find(store.db, job.id)).toMatchObject({
    runCount: 2,
    status: 'completed',
    enabled: false,
    nextRun: null,
  });
});

test('a slow function holds back nobody else', async () => {
  const slow = await setup({ timeoutSeconds: 60 });
  const quick = await setup();
  server.script(slow.path, () => 'hang');
  server.script(quick.path, passing);
  await startWorker({ SHUTDOWN_GRACE_MS: '0' });
  await enqueue(slow.job);
  await waitUntil(() => server.calls(slow.path).length === 1);
  await untilFinished(await enqueue(quick.job));
});

test('no more functions are invoked at a time than WORKER_CONCURRENCY', async () => {
  const { job, path } = await setup();
  let active = 0;
  let most = 0;
  const release: (() => void)[] = [];
  server.script(path, async () => {
    active += 1;
    most = Math.max(most, active);
    await new Promise<void>((resolve) => release.push(resolve));
    active -= 1;
    return { body: { shouldPerform: false } };
  });
  await startWorker({ WORKER_CONCURRENCY: '2' });
  const all = await Promise.all(Array.from({ length: 5 }, () => enqueue(job)));
  await waitUntil(() => release.length === 2);
  for (const _ of all) (await waitUntil(() => release.shift()))();
  await Promise.all(all.map(untilFinished));
  expect(most).toBe(2);
});

test('a worker that stops finishes what is in flight', async () => {
  const { job, path } = await setup();
  const answer = Promise.withResolvers<Answer>();
  server.script(path, () => answer.promise);
  const worker = await startWorker();
  const execution = await enqueue(job);
  await waitUntil(() => server.calls(path).length === 1);
  const stopped = worker.stop();
  answer.resolve({ body: { shouldPerform: false } });
  await stopped;
  expect(await executions.find(store.db, execution.id)).toMatchObject({ status: 'declined' });
});

test('what is not finished within the grace period is given back, and run by another worker at once', async () => {
  const { job, path } = await setup();
  let answers = false;
  server.script(path, () => (answers ? { body: { shouldPerform: false } } : 'hang'));
  const worker = await startWorker({ SHUTDOWN_GRACE_MS: '100' });
  const execution = await enqueue(job);
  await waitUntil(() => server.calls(path).length === 1);
  await worker.stop();
  expect(await executions.find(store.db, execution.id)).toMatchObject({
    status: 'checking',
    completedAt: null,
  });
  answers = true;
  await startWorker();
  expect(await untilFinished(execution)).toMatchObject({ status: 'declined', check: { attempts: 1 } });
});

test('executions of one task that finish at different times are recorded as they come', async () => {
  const slow = await setup({ timeoutSeconds: 60 });
  const quick = await setup();
  server.script(slow.path, () => 'hang');
  server.script(quick.path, () => ({ body: { shouldPerform: false } }));
  const [slowRun, quickRun] = await queue.transaction(store.db, async (trx, tasks) => {
    const requestedAt = new Date();
    const ordered = [slow.job, quick.job].map((job) => ({ ...job, executionId: newId(requestedAt) }));
    const task = newTask(ordered.map(({ executionId, accountId }) => ({ id: executionId, accountId })));
    await tasks.enqueue('check', [task]);
    return Promise.all(
      ordered.map(({ executionId, ...job }) =>
        executions.insertManual(trx, {
          id: executionId,
          jobId: job.id,
          accountId: job.accountId,
          functionId: job.functionId,
          requestedAt,
          taskId: task.id,
        }),
      ),
    );
  });
  await startWorker({ SHUTDOWN_GRACE_MS: '0' });
  await untilFinished(quickRun!);
  expect(await executions.find(store.db, slowRun!.id)).toMatchObject({ status: 'checking' });
});
