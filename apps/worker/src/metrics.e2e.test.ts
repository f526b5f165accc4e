import { isDeepStrictEqual } from 'node:util';

import type { Job, NewJob } from '@automation/domain';
import { functions } from '@automation/store';
import { scrape, type Script, waitUntil } from '@automation/testing';

import type { RunningWorker } from './index.ts';
import { openTestWorkers, type TestWorkers } from './test-workers.fixture.ts';

let workers: TestWorkers;

beforeAll(async () => {
  workers = await openTestWorkers();
});

afterEach(() => workers.stopAll());

afterAll(() => workers.dispose());

const NOT_NOW = () => ({ body: { shouldPerform: false } });

async function setup(script: Script, definition: Partial<NewJob> = {}): Promise<Job> {
  const { job, path } = await workers.newJob({ retryLimit: 0, ...definition });
  workers.server.script(path, script);
  return job;
}

const runs = async (...all: Job[]) => {
  for (const job of all) await workers.untilFinished(await workers.run(job));
};

/** The series of a counter that are not 0, as `label,label: value`; labels in the order of their names. */
async function counted({ metricsPort }: RunningWorker, name: string): Promise<string[]> {
  const { metrics } = await scrape(metricsPort);
  const samples = metrics.find((metric) => metric.name === name)?.samples ?? [];
  return samples
    .filter(({ value }) => value > 0)
    .map(({ labels: { service: _own, ...labels }, value }) => {
      const values = Object.keys(labels)
        .toSorted()
        .map((label) => labels[label]);
      return `${values.join(',')}: ${value}`;
    })
    .toSorted();
}

/** What is recorded is counted a moment later. */
const untilCounted = async (worker: RunningWorker, name: string, expected: string[]) => {
  const isCounted = async () => isDeepStrictEqual(await counted(worker, name), expected);
  // If it never is, the difference says more than the wait.
  await waitUntil(isCounted).catch(() => undefined);
  expect(await counted(worker, name)).toEqual(expected);
};

const valueOf = async ({ metricsPort }: RunningWorker, name: string) =>
  (await scrape(metricsPort)).value(name);

test('requests are counted by phase and by the class of what was answered', async () => {
  const unreachable = await setup(NOT_NOW);
  await workers.store.pool.query(`UPDATE functions SET url = 'http://127.0.0.1:9/' WHERE id = $1`, [
    unreachable.functionId,
  ]);
  const deleted = await setup(NOT_NOW);
  await functions.remove(workers.store.db, deleted.accountId, deleted.functionId);
  const worker = await workers.start();
  await runs(
    await setup(NOT_NOW),
    await setup(({ body }) => (body['phase'] === 'check' ? { body: {} } : { status: 404 })),
    await setup(() => ({ status: 302 })),
    await setup(() => ({ status: 410 })),
    await setup(() => ({ status: 503 })),
    await setup(() => 'hang', { timeoutSeconds: 1 }),
    unreachable,
    deleted,
  );
  expect(await counted(worker, 'automation_invocations_total')).toEqual([
    'check,2xx: 2',
    'check,3xx: 1',
    'check,4xx: 1',
    'check,5xx: 1',
    'check,network: 1',
    'check,timeout: 1',
    'perform,4xx: 1',
  ]);
  await untilCounted(worker, 'automation_executions_finished_total', [
    'declined,none: 1',
    'failed,gone: 1',
    'failed,rejected: 3',
    'failed,unavailable: 2',
    'timed_out,timed_out: 1',
  ]);
});

test('an execution that succeeds after a retry counts once, its attempts each', async () => {
  const job = await setup(
    ({ headers }) => (headers['x-automation-attempt'] === '1' ? { status: 503 } : { body: {} }),
    { retryLimit: 1 },
  );
  const worker = await workers.start();
  await runs(job);
  await untilCounted(worker, 'automation_executions_finished_total', ['succeeded,none: 1']);
  expect(await counted(worker, 'automation_retries_total')).toEqual(['check: 1', 'perform: 1']);
  const { value } = await scrape(worker.metricsPort);
  const labels = { job_id: job.id, phase: 'perform' };
  expect(value('automation_execution_success_count', labels)).toBe(2);
  expect(value('automation_execution_success_sum', labels)).toBe(1);
  expect(value('automation_execution_duration_count', labels)).toBe(2);
  expect(value('automation_job_runs_total', { job_id: job.id })).toBe(1);
});

test('a deadline for completing later that is missed is a time-out, and no request', async () => {
  const job = await setup(() => ({ status: 202, body: { async: true, timeout_seconds: 0.1 } }));
  const worker = await workers.start();
  await runs(job);
  await untilCounted(worker, 'automation_executions_finished_total', ['timed_out,timed_out: 1']);
  expect(await counted(worker, 'automation_invocations_total')).toEqual(['check,2xx: 1']);
});

test("the opening of a function's circuit is counted, and shown while it is open", async () => {
  const job = await setup(() => ({ status: 503 }));
  const worker = await workers.start({ WORKER_CONCURRENCY: '1' });
  expect(await valueOf(worker, 'automation_breakers_open')).toBe(0);
  for (let n = 0; n < 12; n += 1) await workers.run(job);
  await waitUntil(async () => (await valueOf(worker, 'automation_breakers_open')) === 1);
  expect(await valueOf(worker, 'automation_breaker_opened_total')).toBe(1);
  // The other two wait for a probe: they have come to nothing yet.
  await untilCounted(worker, 'automation_executions_finished_total', ['failed,unavailable: 10']);
});

test('executions in flight are shown, and those that a worker gave back count as recovered by the next one', async () => {
  let isSlow = true;
  const job = await setup(() => (isSlow ? 'hang' : NOT_NOW()));
  const first = await workers.start({ SHUTDOWN_GRACE_MS: '0' });
  const executions = [await workers.run(job), await workers.run(job)];
  await waitUntil(async () => (await valueOf(first, 'automation_executions_in_flight')) === 2);
  expect(await valueOf(first, 'automation_lease_recoveries_total')).toBe(0);
  await first.stop();

  isSlow = false;
  const second = await workers.start();
  for (const execution of executions) await workers.untilFinished(execution);
  expect(await valueOf(second, 'automation_lease_recoveries_total')).toBe(2);
  await waitUntil(async () => (await valueOf(second, 'automation_executions_in_flight')) === 0);
});
