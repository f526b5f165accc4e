import { randomUUID } from 'node:crypto';

import { type Attempt, type AttemptResult, type Job, newId, settle } from '@automation/domain';
import {
  buildAccount,
  buildCreation,
  buildFunction,
  buildJob,
  createTestDatabase,
  MANY_JOBS,
  type TestDatabase,
} from '@automation/testing';

import {
  accounts,
  advanceJobs,
  executions,
  functions,
  insertExecutions,
  jobs,
  leaseExecutions,
  migrate,
  openStore,
  type Outcome,
  recordOutcomes,
  type Store,
} from './index.ts';

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase(migrate);
  store = openStore({
    url: database.url,
    poolSize: 5,
    applicationName: 'test',
    onConnectionError: () => undefined,
  });
});

afterAll(async () => {
  await store.close();
  await database.drop();
});

const OK: AttemptResult = { kind: 'succeeded', httpStatus: 200, output: {}, logs: [] };
const DECLINED: AttemptResult = {
  kind: 'succeeded',
  httpStatus: 200,
  output: { shouldPerform: false },
  logs: [],
};
const BROKEN: AttemptResult = { kind: 'rejected', httpStatus: 400, error: 'HTTP 400', output: {}, logs: [] };
const UNAVAILABLE: AttemptResult = {
  kind: 'unavailable',
  httpStatus: 503,
  error: 'HTTP 503',
  retryAfterMs: null,
};
const GONE: AttemptResult = { kind: 'gone', httpStatus: 410, error: 'HTTP 410 Gone' };

/** A job with one execution in flight per occurrence given, each in a task of its own. */
async function setup(state: Partial<Job> = {}, occurrences = 1) {
  const account = buildAccount();
  const fn = buildFunction({ accountId: account.id, timeoutSeconds: 7 });
  const job = buildJob({ accountId: account.id, functionId: fn.id, payload: { colour: 'blue' } }, state);
  await accounts.insert(store.db, account);
  await functions.insert(store.db, fn);
  const started = Array.from({ length: occurrences }, (_, n) => {
    const scheduledFor = new Date(Date.parse('2026-01-01T00:00:00Z') + n * 1_000);
    return { id: newId(scheduledFor), jobId: job.id, scheduledFor, taskId: randomUUID() };
  });
  await store.db.transaction().execute(async (trx) => {
    await jobs.insert(trx, job, buildCreation(job), MANY_JOBS);
    await insertExecutions(
      trx,
      started.map((execution) => ({
        ...execution,
        accountId: account.id,
        functionId: fn.id,
        trigger: 'schedule' as const,
        dueAt: execution.scheduledFor,
        state: 'ready' as const,
        reason: null,
      })),
    );
    await advanceJobs(trx, [
      {
        id: job.id,
        nextRun: job.nextRun,
        nextOccurrence: job.nextOccurrence,
        status: job.status,
        statusReason: null,
        started: occurrences,
        waiting: 0,
        skipped: 0,
      },
    ]);
  });
  return { account, fn, job, started };
}

const leaseOf = (execution: { id: string; taskId: string }, taskAttempt = 0) =>
  leaseExecutions(store.db, [{ taskId: execution.taskId, taskAttempt, executionIds: [execution.id] }]);

function outcomeOf(
  execution: { id: string; jobId: string; taskId: string },
  result: AttemptResult,
  options: Partial<Attempt> & { taskAttempt?: number; nextTaskId?: string } = {},
): Outcome {
  const now = new Date();
  const { taskAttempt = 0, nextTaskId = null, ...overrides } = options;
  const attempt: Attempt = {
    executionId: execution.id,
    jobId: 'job',
    phase: 'check',
    number: 1,
    retryLimit: 2,
    timeoutMs: 30_000,
    payload: {},
    input: {},
    startedAt: now,
    completedAt: now,
    ...overrides,
  };
  return {
    executionId: execution.id,
    jobId: execution.jobId,
    taskId: execution.taskId,
    taskAttempt,
    settlement: settle(attempt, result),
    nextTaskId,
  };
}

const record = (...outcomes: Outcome[]) =>
  store.db.transaction().execute((trx) => recordOutcomes(trx, outcomes));

test('a lease answers all that an invocation needs, and shows the execution as checking', async () => {
  const { fn, job, started } = await setup();
  const [leased] = await leaseOf(started[0]!);
  expect(leased).toMatchObject({
    id: started[0]!.id,
    jobId: job.id,
    phase: 'check',
    status: 'checking',
    attempts: 0,
    taskAttempt: 0,
    payload: { colour: 'blue' },
    performInput: null,
    retryLimit: 2,
    timeoutSeconds: 7,
    url: fn.url,
    secrets: [fn.secret],
  });
  expect(await executions.find(store.db, started[0]!.id)).toMatchObject({
    status: 'checking',
    startedAt: expect.any(Date),
  });
});

test('the same attempt of a task leases once, a later attempt takes over', async () => {
  const { started } = await setup();
  expect(await leaseOf(started[0]!, 0)).toHaveLength(1);
  expect(await leaseOf(started[0]!, 0)).toHaveLength(0);
  expect(await leaseOf(started[0]!, 1)).toHaveLength(1);
});

test('an execution that has gone on to another task is left out of a lease', async () => {
  const { started } = await setup();
  await leaseOf(started[0]!);
  const performTask = randomUUID();
  await record(outcomeOf(started[0]!, OK, { nextTaskId: performTask }));
  expect(await leaseOf(started[0]!, 1)).toHaveLength(0);
  expect(await leaseOf({ id: started[0]!.id, taskId: performTask })).toHaveLength(1);
});

test('a late worker changes nothing: its outcome is fenced by the attempt', async () => {
  const { job, started } = await setup();
  await leaseOf(started[0]!, 0);
  await leaseOf(started[0]!, 1);
  expect(await record(outcomeOf(started[0]!, DECLINED, { taskAttempt: 0 }))).toEqual([]);
  expect(await executions.find(store.db, started[0]!.id)).toMatchObject({ status: 'checking', check: null });
  expect(await jobs.find(store.db, job.id)).toMatchObject({ checkCount: 0, inFlight: 1 });
  expect(await record(outcomeOf(started[0]!, DECLINED, { taskAttempt: 1 }))).toHaveLength(1);
});

test('recording is exactly once: a repeat of the statement changes nothing', async () => {
  const { job, started } = await setup();
  await leaseOf(started[0]!);
  const outcome = outcomeOf(started[0]!, DECLINED);
  expect(await record(outcome)).toHaveLength(1);
  expect(await record(outcome)).toEqual([]);
  expect(await jobs.find(store.db, job.id)).toMatchObject({ checkCount: 1, runCount: 0, inFlight: 0 });
});

test('a declined check counts as a check and not as a run (SPEC 1)', async () => {
  const { job, started } = await setup({ maxRuns: 1 });
  await leaseOf(started[0]!);
  await record(outcomeOf(started[0]!, DECLINED));
  expect(await executions.find(store.db, started[0]!.id)).toMatchObject({
    status: 'declined',
    reason: null,
    check: { status: 'succeeded', output: { shouldPerform: false }, attempts: 1, httpStatus: 200 },
    perform: null,
    completedAt: expect.any(Date),
  });
  expect(await jobs.find(store.db, job.id)).toMatchObject({
    checkCount: 1,
    runCount: 0,
    status: 'active',
    lastRun: expect.any(Date),
  });
});

test('a hand-off keeps the perform input and does not finish the execution (SPEC 3.7)', async () => {
  const { job, started } = await setup();
  await leaseOf(started[0]!);
  const performTask = randomUUID();
  const passed: AttemptResult = { ...OK, output: { shouldPerform: true, performPayload: { n: 1 } } };
  await record(outcomeOf(started[0]!, passed, { nextTaskId: performTask, jobId: job.id, payload: { a: 1 } }));
  const [leased] = await leaseOf({ id: started[0]!.id, taskId: performTask });
  expect(leased).toMatchObject({
    phase: 'perform',
    status: 'performing',
    attempts: 0,
    performInput: { a: 1, n: 1, automation_job: job.id, phase: 'perform' },
  });
  expect(await jobs.find(store.db, job.id)).toMatchObject({ checkCount: 1, inFlight: 1, lastRun: null });
});

test('a perform counts as a run, and the last one of max_runs completes the job (SPEC 3.8)', async () => {
  const { job, started } = await setup({ maxRuns: 1 });
  await leaseOf(started[0]!);
  const recorded = await record(outcomeOf(started[0]!, OK, { phase: 'perform' }));
  expect(recorded).toMatchObject([
    { executionId: started[0]!.id, jobId: job.id, job: { status: 'completed' } },
  ]);
  expect(await jobs.find(store.db, job.id)).toMatchObject({
    runCount: 1,
    status: 'completed',
    enabled: false,
    nextRun: null,
    version: 2,
  });
});

test('a failed perform is a run as well', async () => {
  const { job, started } = await setup();
  await leaseOf(started[0]!);
  await record(outcomeOf(started[0]!, BROKEN, { phase: 'perform' }));
  expect(await executions.find(store.db, started[0]!.id)).toMatchObject({
    status: 'failed',
    reason: 'perform: HTTP 400',
  });
  expect(await jobs.find(store.db, job.id)).toMatchObject({ runCount: 1, consecutiveFailures: 1 });
});

test('an attempt that will be retried finishes nothing and is shown as retrying', async () => {
  const { job, started } = await setup();
  await leaseOf(started[0]!);
  const retryTask = randomUUID();
  await record(outcomeOf(started[0]!, UNAVAILABLE, { nextTaskId: retryTask }));
  expect(await executions.find(store.db, started[0]!.id)).toMatchObject({
    status: 'checking',
    completedAt: null,
    check: { status: 'retrying', error: 'HTTP 503', attempts: 1 },
  });
  expect(await jobs.find(store.db, job.id)).toMatchObject({ checkCount: 0, inFlight: 1 });
  const [leased] = await leaseOf({ id: started[0]!.id, taskId: retryTask });
  expect(leased).toMatchObject({ attempts: 1, phase: 'check' });
});

test('410 pauses the job with its reason (SPEC 4)', async () => {
  const { job, started } = await setup();
  await leaseOf(started[0]!);
  const recorded = await record(outcomeOf(started[0]!, GONE));
  expect(recorded[0]).toMatchObject({
    job: { status: 'paused', statusReason: 'the function answered 410 Gone' },
  });
  expect(await jobs.find(store.db, job.id)).toMatchObject({
    status: 'paused',
    enabled: false,
    nextRun: null,
    statusReason: 'the function answered 410 Gone',
  });
});

test('pause_after_failures pauses after that many failures in a row (SPEC 4)', async () => {
  const { job, started } = await setup({ pauseAfterFailures: 2 }, 4);
  for (const execution of started) await leaseOf(execution);
  const [first, second, third, fourth] = started;
  await record(outcomeOf(first!, BROKEN));
  await record(outcomeOf(second!, DECLINED));
  expect(await jobs.find(store.db, job.id)).toMatchObject({ consecutiveFailures: 0, status: 'active' });
  await record(outcomeOf(third!, BROKEN));
  const recorded = await record(outcomeOf(fourth!, BROKEN));
  expect(recorded[0]?.job?.status).toBe('paused');
  expect(await jobs.find(store.db, job.id)).toMatchObject({
    consecutiveFailures: 2,
    statusReason: '2 failed executions in a row',
  });
});

test('outcomes of one job that are recorded together count in their order', async () => {
  const { job, started } = await setup({}, 4);
  for (const execution of started) await leaseOf(execution);
  const results = [BROKEN, BROKEN, DECLINED, BROKEN];
  const recorded = await record(...started.map((execution, n) => outcomeOf(execution, results[n]!)));
  expect(recorded).toHaveLength(4);
  expect(await jobs.find(store.db, job.id)).toMatchObject({
    consecutiveFailures: 1,
    checkCount: 4,
    inFlight: 0,
  });
});

test('a job that was paused meanwhile stays paused, and its execution is recorded (SPEC 1)', async () => {
  const { job, started } = await setup({ status: 'paused', enabled: false, nextRun: null });
  await leaseOf(started[0]!);
  await record(outcomeOf(started[0]!, OK, { phase: 'perform' }));
  expect(await jobs.find(store.db, job.id)).toMatchObject({ status: 'paused', runCount: 1, inFlight: 0 });
});
