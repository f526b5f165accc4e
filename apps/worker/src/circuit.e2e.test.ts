import type { Execution, Job } from '@automation/domain';
import { CircuitBreakers, createInvoker } from '@automation/invoker';
import { createTaskQueue } from '@automation/queue';
import { createLogger, createRegistry, noTracer, OutageWatch } from '@automation/service-kit';
import { openStore } from '@automation/store';
import { waitUntil } from '@automation/testing';

import { WorkerMetrics } from './metrics.ts';
import { openTestWorkers, type TestWorkers } from './test-workers.fixture.ts';
import { Worker } from './worker.ts';

let workers: TestWorkers;
let stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  workers = await openTestWorkers();
});

afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()));
  stops = [];
  await workers.stopAll();
});

afterAll(() => workers.dispose());

const onError = () => undefined;

/** A worker whose circuit breakers live on a clock that only moves when it is told to. */
async function startWithClock() {
  const clock = { ms: 0 };
  const changes: string[] = [];
  const config = workers.config();
  const logger = createLogger({ service: 'worker', level: 'error', format: 'json' });
  const store = openStore({
    url: config.DATABASE_URL,
    poolSize: 3,
    applicationName: 'test',
    onConnectionError: onError,
  });
  const queue = createTaskQueue({ pool: store.pool, listener: store.listener, supervise: false, onError });
  const invoker = createInvoker({ egress: { network: 'private' } });
  const breakers = new CircuitBreakers({
    now: () => clock.ms,
    onChange: (_functionId, state) => changes.push(state),
  });
  const worker = new Worker({
    db: store.db,
    queue,
    invoker,
    functions: null,
    breakers,
    logger,
    outage: new OutageWatch({ logger, ping: () => store.ping(), isOutage: () => false }),
    metrics: new WorkerMetrics(createRegistry('worker'), 1_000),
    tracer: noTracer,
    concurrency: 10,
  });
  await queue.start();
  worker.start();
  stops.push(async () => {
    await worker.pause();
    await worker.drain();
    await queue.stop();
    await invoker.close();
    await store.close();
  });
  return {
    changes,
    /** Time passes for the breakers. */
    pass: (ms: number) => {
      clock.ms += ms;
    },
  };
}

/** A job whose function has failed ten times, so that its circuit is open. */
async function setupOpen(worker: { changes: string[] }) {
  const { job, path } = await workers.newJob({ retryLimit: 0 });
  workers.server.script(path, () => ({ status: 503 }));
  const failed = await runOften(job, 10);
  for (const execution of failed)
    expect(await workers.untilFinished(execution)).toMatchObject({ status: 'failed' });
  expect(worker.changes).toEqual(['open']);
  return { job, path };
}

async function runOften(job: Job, times: number): Promise<Execution[]> {
  const started: Execution[] = [];
  for (let n = 0; n < times; n += 1) started.push(await workers.run(job));
  return started;
}

const findAll = (all: readonly Execution[]) => Promise.all(all.map((execution) => workers.find(execution)));

/** Waits for something, while whatever waits in the queue is due. */
const untilDue = <T>(condition: () => T | Promise<T>) =>
  waitUntil(async () => {
    await workers.skipDelays();
    return condition();
  });

const untilPostponed = (execution: { id: string }) =>
  waitUntil(async () => {
    const found = await workers.find(execution);
    return found.reason?.startsWith('the circuit breaker of function') && found;
  });

test('after 10 failures no request is made any more: executions wait, and use up no attempt (SPEC 4)', async () => {
  const { job, path } = await workers.newJob({ retryLimit: 0 });
  workers.server.script(path, () => ({ status: 503 }));
  await workers.start({ WORKER_CONCURRENCY: '1' });
  const all = await runOften(job, 25);
  await waitUntil(async () => {
    const found = await findAll(all);
    return found.every(({ reason }) => reason !== null);
  });
  const found = await findAll(all);
  const postponed = found.filter(({ completedAt }) => completedAt === null);
  expect(workers.server.calls(path)).toHaveLength(10);
  expect(postponed).toHaveLength(15);
  for (const execution of postponed)
    expect(execution).toMatchObject({
      status: 'checking',
      reason: `the circuit breaker of function ${job.functionId} is open`,
      check: null,
    });
});

test('the circuit of one function holds up no other', async () => {
  const worker = await startWithClock();
  await setupOpen(worker);
  const other = await workers.newJob();
  workers.server.script(other.path, () => ({ body: { shouldPerform: false } }));
  expect(await workers.untilFinished(await workers.run(other.job))).toMatchObject({ status: 'declined' });
});

test('when the probe succeeds everything goes on, each with the attempts that it had', async () => {
  const worker = await startWithClock();
  const { job, path } = await setupOpen(worker);
  const waiting = await runOften(job, 5);
  for (const execution of waiting) await untilPostponed(execution);
  expect(workers.server.calls(path)).toHaveLength(10);

  workers.server.script(path, () => ({ body: {} }));
  worker.pass(30_000);
  await untilDue(async () => {
    const found = await findAll(waiting);
    return found.every(({ completedAt }) => completedAt !== null);
  });
  for (const execution of waiting)
    expect(await workers.find(execution)).toMatchObject({
      status: 'succeeded',
      reason: null,
      check: { attempts: 1 },
      perform: { attempts: 1 },
    });
  expect(workers.server.calls(path)).toHaveLength(20);
  expect(worker.changes).toEqual(['open', 'closed']);
});

test('when the probe fails it is the only request made, and the others wait for the next one', async () => {
  const worker = await startWithClock();
  const { job, path } = await setupOpen(worker);
  const waiting = await runOften(job, 5);
  for (const execution of waiting) await untilPostponed(execution);

  worker.pass(30_000);
  const statuses = await untilDue(async () => {
    const found = await findAll(waiting);
    return found.some(({ completedAt }) => completedAt !== null) && found.map(({ status }) => status);
  });
  expect(statuses.toSorted()).toEqual(['checking', 'checking', 'checking', 'checking', 'failed']);
  worker.pass(30_000);
  await workers.skipDelays();
  await waitUntil(async () => (await workers.dueTasks()) === 0);
  expect(workers.server.calls(path)).toHaveLength(11);

  workers.server.script(path, () => ({ body: { shouldPerform: false } }));
  worker.pass(30_000);
  await untilDue(() => worker.changes.includes('closed'));
});
