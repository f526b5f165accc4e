import {
  type AppProcess,
  createTestDatabase,
  type DatabaseLink,
  linkTo,
  type TestDatabase,
  waitUntil,
} from '@automation/testing';

import type { ApiClient } from './api-client.fixture.ts';
import { migrateAll } from './migrate-all.fixture.ts';
import {
  clientOf,
  newFunction,
  newJob,
  openSystem,
  runJob,
  type TestSystem,
  untilStatus,
  warningsOf,
} from './system.fixture.ts';

/** Within it another worker takes up what a lost one was at (SPEC 3). */
const TAKEN_UP_MS = 15_000;
const STEP_MS = 30_000;

let database: TestDatabase;
let link: DatabaseLink;
let system: TestSystem;
let api: ApiClient;

beforeAll(async () => {
  database = await createTestDatabase(migrateAll);
  link = await linkTo(database.url);
  system = await openSystem(database.url);
  const [running] = await Promise.all([system.start('api'), system.start('scheduler')]);
  api = clientOf(running);
});

afterAll(async () => {
  await system.close();
  await link.close();
  await database.drop();
});

/** One thing at a time, so that it is known which of them is at it. */
const startWorker = (env: NodeJS.ProcessEnv = {}) =>
  system.start('worker', { WORKER_CONCURRENCY: '1', ...env });

/** A run of a new job, whose function answers its first perform when `finish` is called, and the later ones at once. */
async function runSlowJob() {
  const first = Promise.withResolvers<void>();
  const fn = await newFunction(system, api, async ({ body }) => {
    if (body['phase'] === 'perform' && fn.calls('perform').length === 1) await first.promise;
    return { body: {} };
  });
  const jobId = await newJob(api, fn.id);
  const executionId = await runJob(api, jobId);
  return {
    calls: fn.calls,
    finish: () => first.resolve(),
    untilPerforms: (count: number, timeoutMs = STEP_MS) =>
      waitUntil(() => fn.calls('perform').length >= count, { what: `perform ${count}`, timeoutMs }),
    untilSucceeded: () => untilStatus(api, executionId, 'succeeded'),
    /** All that is known of it, and how often it counts. */
    record: async () => ({
      execution: (await api.get(`/automation/executions/${executionId}`)).body,
      job: (await api.get(`/automation/jobs/${jobId}`)).body,
    }),
  };
}

type SlowRun = Awaited<ReturnType<typeof runSlowJob>>;

/** The run is recorded once, by the worker that took it up; the late answer changes nothing. */
async function expectLateAnswerDropped(run: SlowRun, late: AppProcess, answer: () => void): Promise<void> {
  await run.untilSucceeded();
  const before = await run.record();
  answer();
  await late.untilLine('outcome dropped: the execution has gone on without it', STEP_MS);
  expect(await run.record()).toEqual(before);
  expect(before.job).toMatchObject({ run_count: 1, check_count: 1 });
  expect(run.calls('check')).toHaveLength(1);
  const performs = run.calls('perform');
  expect(performs).toHaveLength(2);
  expect(new Set(performs.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
}

test('what a worker was at that is stopped, or cut off from the database, is taken up within 15 s, and the late worker goes on', async () => {
  const stopped = await startWorker();
  const runOfStopped = await runSlowJob();
  await runOfStopped.untilPerforms(1);
  stopped.signal('SIGSTOP');
  const cutOff = await startWorker({ DATABASE_URL: link.url });
  const runOfCutOff = await runSlowJob();
  await runOfCutOff.untilPerforms(1);
  const other = await startWorker();

  link.silence();
  // While nothing can be recorded.
  runOfCutOff.finish();
  await Promise.all([runOfStopped.untilPerforms(2, TAKEN_UP_MS), runOfCutOff.untilPerforms(2, TAKEN_UP_MS)]);
  await expectLateAnswerDropped(runOfCutOff, cutOff, () => link.mend());
  await expectLateAnswerDropped(runOfStopped, stopped, () => {
    runOfStopped.finish();
    stopped.signal('SIGCONT');
  });

  // Without the third, one of the two has to take each of these.
  other.signal('SIGTERM');
  expect(await other.untilExit()).toEqual({ code: 0, signal: null });
  const runs = [];
  for (let count = 0; count < 2; count += 1) {
    const run = await runSlowJob();
    await run.untilPerforms(1);
    runs.push(run);
  }
  for (const run of runs) {
    run.finish();
    await run.untilSucceeded();
    expect(run.calls('perform')).toHaveLength(1);
  }
  for (const worker of [stopped, cutOff, other])
    expect(warningsOf(worker).filter((said) => said.startsWith('error'))).toEqual([]);
});
