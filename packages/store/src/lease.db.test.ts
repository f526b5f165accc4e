import { randomBytes } from 'node:crypto';

import {
  type AutomationFunction,
  type Job,
  type JsonObject,
  newId,
  type NewJob,
  settle,
} from '@automation/domain';
import { buildAccount, buildFunction } from '@automation/testing';

import {
  accounts,
  executions,
  functions,
  insertExecutions,
  leaseExecutions,
  readInput,
  recordOutcomes,
  type TaskLease,
} from './index.ts';
import {
  claimed,
  insertJob,
  insertOccurrences,
  openTestStore,
  type TestStore,
} from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(() => store.dispose());

const at = (second: number) => new Date(Date.parse('2026-03-04T05:06:00Z') + second * 1_000);
const lease = (...tasks: TaskLease[]) => leaseExecutions(store.db, tasks);
const idsOf = (leased: readonly { id: string }[]) => leased.map(({ id }) => id).toSorted();

/** A job with a function and two executions in one task. */
async function setup(definition: Partial<NewJob> = {}, fn: Partial<AutomationFunction> = {}) {
  const account = buildAccount();
  const invoked = buildFunction({ accountId: account.id, ...fn });
  await accounts.insert(store.db, account);
  await functions.insert(store.db, invoked);
  const job = await insertJob(
    store,
    { accountId: account.id, functionId: invoked.id, ...definition },
    { inFlight: 10 },
  );
  const { taskId } = claimed(job, at(0));
  const started = [1, 2].map((second) => ({ ...claimed(job, at(second)), taskId }));
  await store.db.transaction().execute((trx) => insertExecutions(trx, started));
  const executionIds = idsOf(started);
  const task = (taskAttempt: number): TaskLease => ({ taskId, taskAttempt, executionIds });
  return { account, fn: invoked, job, task, executionIds };
}

/** Records that an execution which is leased by a task's attempt failed its check, or may be tried again. */
function fail(task: TaskLease, executionId: string, job: Job, nextTaskId: string | null = null) {
  const attempt = {
    executionId,
    jobId: job.id,
    phase: 'check' as const,
    number: 1,
    timeoutMs: 30_000,
    payload: {},
    input: {},
  };
  const settlement = settle(
    { ...attempt, retryLimit: nextTaskId === null ? 0 : 1, startedAt: at(3), completedAt: at(4) },
    { kind: 'unavailable', httpStatus: 503, error: 'HTTP 503', retryAfterMs: null },
  );
  const outcome = { ...task, executionId, jobId: job.id, settlement, nextTaskId };
  return store.db.transaction().execute((trx) => recordOutcomes(trx, [outcome]));
}

test('no tasks are no executions', async () => {
  expect(await lease()).toEqual([]);
  expect(await lease({ ...(await setup()).task(0), executionIds: [] })).toEqual([]);
});

test('each execution of a task is leased once per attempt, and a later attempt takes them over', async () => {
  const { task, executionIds } = await setup();
  expect(idsOf(await lease(task(0)))).toEqual(executionIds);
  expect(await lease(task(0))).toEqual([]);
  const again = await lease(task(1));
  expect(idsOf(again)).toEqual(executionIds);
  expect(again.map(({ taskAttempt }) => taskAttempt)).toEqual([1, 1]);
});

test('an attempt that comes late takes nothing from a later one', async () => {
  const { task, executionIds } = await setup();
  await lease(task(2));
  expect(await lease(task(0), task(1), task(2))).toEqual([]);
  expect(idsOf(await lease(task(3)))).toEqual(executionIds);
});

test('of workers with the same attempt at once one gets each execution', async () => {
  const { task, executionIds } = await setup();
  const leases = await Promise.all(Array.from({ length: 4 }, () => lease(task(0))));
  expect(idsOf(leases.flat())).toEqual(executionIds);
});

test('the outcome of an attempt that was taken over is left out, that of the later one counts', async () => {
  const { job, task, executionIds } = await setup();
  await lease(task(0));
  await lease(task(1));
  expect(await fail(task(0), executionIds[0]!, job)).toEqual([]);
  expect(await fail(task(1), executionIds[0]!, job)).toMatchObject([{ executionId: executionIds[0] }]);
});

test('what is finished is left out, the rest of its task is leased', async () => {
  const { job, task, executionIds } = await setup();
  await lease(task(0));
  await fail(task(0), executionIds[0]!, job);
  expect(idsOf(await lease(task(1)))).toEqual([executionIds[1]]);
  expect(await executions.find(store.db, executionIds[0]!)).toMatchObject({ status: 'failed' });
});

test('an occurrence that was skipped is never leased: the ledger takes no task for what is finished', async () => {
  const { job } = await setup();
  const skipped = claimed(job, at(10), { state: 'skipped', reason: 'overlap' });
  const insert = store.db.transaction().execute((trx) => insertExecutions(trx, [skipped]));
  await expect(insert).rejects.toThrow('finished_has_no_task');
});

test('what has gone on to another task is leased by that one alone, from its first attempt', async () => {
  const { job, task, executionIds } = await setup();
  const { taskId: retryTaskId } = claimed(job, at(0));
  await lease(task(4));
  await fail(task(4), executionIds[0]!, job, retryTaskId);
  expect(idsOf(await lease(task(5)))).toEqual([executionIds[1]]);
  const retry = { taskId: retryTaskId, taskAttempt: 0, executionIds: [executionIds[0]!] };
  expect(await lease(retry)).toMatchObject([{ id: executionIds[0], attempts: 1, taskId: retryTaskId }]);
});

test("an execution is not leased by a task that isn't its own", async () => {
  const [one, other] = [await setup(), await setup()];
  expect(await lease({ ...one.task(0), executionIds: other.executionIds })).toEqual([]);
  expect(idsOf(await lease(other.task(0)))).toEqual(other.executionIds);
});

test('several tasks are leased together, each with its attempt, jobs and function', async () => {
  const [one, other] = [await setup(), await setup()];
  const leased = await lease(one.task(0), other.task(3));
  const told = leased.map(({ id, jobId, taskAttempt, url }) => ({ id, jobId, taskAttempt, url }));
  const expected = (of: typeof one, taskAttempt: number) =>
    of.executionIds.map((id) => ({ id, jobId: of.job.id, taskAttempt, url: of.fn.url }));
  expect(told).toHaveLength(4);
  expect(told).toEqual(expect.arrayContaining([...expected(one, 0), ...expected(other, 3)]));
});

test('executions of far apart days are leased together', async () => {
  const { job } = await setup();
  const apart = await insertOccurrences(store, job, [new Date('2020-01-01T00:00:00Z'), new Date()]);
  const leased = await lease(
    ...apart.map(({ id, taskId }) => ({ taskId, taskAttempt: 0, executionIds: [id] })),
  );
  expect(idsOf(leased)).toEqual(idsOf(apart));
});

test('the start is when the first attempt took it', async () => {
  const { task, executionIds } = await setup();
  await lease(task(0));
  const first = await executions.find(store.db, executionIds[0]!);
  await lease(task(1));
  expect(first).toMatchObject({ status: 'checking', startedAt: expect.any(Date) });
  expect(await executions.find(store.db, executionIds[0]!)).toEqual(first);
});

test.each([
  { job: 12, fn: 7, seconds: 12, which: "the job's" },
  { job: null, fn: 7, seconds: 7, which: "the function's" },
])('the time-out is $which', async ({ job, fn, seconds }) => {
  const { task } = await setup({ timeoutSeconds: job }, { timeoutSeconds: fn });
  expect((await lease(task(0))).map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([seconds, seconds]);
});

const HOUR_MS = 3_600_000;

test.each([
  { until: new Date(Date.now() + HOUR_MS), when: 'while a rotation overlaps', signing: ['new', 'old'] },
  { until: new Date(Date.now() - HOUR_MS), when: 'once it has ended', signing: ['new'] },
])(
  'the secrets are the newest first, the previous one among them $when (SPEC 4)',
  async ({ until, signing }) => {
    const { task } = await setup({}, { secret: 'new', previousSecret: 'old', previousSecretUntil: until });
    expect((await lease(task(0))).map(({ secrets }) => secrets)).toEqual([signing, signing]);
  },
);

/** An execution whose input is this. */
async function leaseOne(payload: JsonObject, performInput: JsonObject | null = null) {
  const { task } = await setup({ payload });
  await store.pool.query('UPDATE automation_executions SET perform_input = $2 WHERE task_id = $1', [
    task(0).taskId,
    performInput,
  ]);
  const [leased] = await lease(task(0));
  return leased!;
}

describe('input', () => {
  const large = { text: randomBytes(4_000).toString('base64') };
  const small = { a: 1 };

  test('that is small comes with the lease', async () => {
    expect(await leaseOne(small, { b: 2 })).toMatchObject({ payload: small, performInput: { b: 2 } });
  });

  test.each([
    { payload: large, performInput: null },
    { payload: small, performInput: large },
  ])('that is large is left out of the lease, and read by itself', async ({ payload, performInput }) => {
    const leased = await leaseOne(payload, performInput);
    expect(leased).toMatchObject({ payload: null, performInput: null });
    expect(await readInput(store.db, leased)).toEqual({ payload, performInput });
  });

  test('of an execution that is gone is none', async () => {
    expect(await readInput(store.db, { id: newId(new Date()) })).toBeUndefined();
  });
});

test('a function that was never rotated has one secret', async () => {
  const { fn, task } = await setup();
  expect((await lease(task(0))).map(({ secrets }) => secrets)).toEqual([[fn.secret], [fn.secret]]);
});

test('a deleted function leaves an execution without an address, and the time-out at 30 s', async () => {
  const { account, fn, task } = await setup();
  await functions.remove(store.db, account.id, fn.id);
  const [leased] = await lease(task(0));
  expect(leased).toMatchObject({
    functionId: fn.id,
    url: null,
    headers: null,
    secrets: null,
    timeoutSeconds: 30,
  });
});

test("another account's function is not told", async () => {
  const foreign = await setup();
  const { task } = await setup({ functionId: foreign.fn.id });
  const [leased] = await lease(task(0));
  expect(leased).toMatchObject({ functionId: foreign.fn.id, url: null, headers: null, secrets: null });
});
