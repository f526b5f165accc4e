import { type AttemptResult, type Job, settle } from '@automation/domain';
import { buildEvent, unique } from '@automation/testing';
import { sql } from 'kysely';

import { unpublished, write } from './events.fixture.ts';
import {
  cancelExecution,
  cancelWaiting,
  eventSettings,
  insertExecutions,
  leaseExecutions,
  type Outcome,
  recordOutcomes,
  writeEvents,
} from './index.ts';
import { claimed, insertJob, openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

beforeEach(async () => {
  await sql`DELETE FROM automation_outbox`.execute(store.db);
});

afterAll(() => store.dispose());

const AT = new Date('2026-03-04T05:06:00.250Z');
const DECLINED: AttemptResult = {
  kind: 'succeeded',
  httpStatus: 200,
  output: { shouldPerform: false },
  logs: [],
};
const BROKEN: AttemptResult = { kind: 'rejected', httpStatus: 400, error: 'HTTP 400', output: {}, logs: [] };

/** An account of its own, that wants events of executions or not. */
async function newAccount(executionEvents: boolean): Promise<string> {
  const accountId = unique('acc');
  if (executionEvents) await eventSettings.set(store.db, accountId, { executionEvents });
  return accountId;
}

/** A job whose creation is told of already, and an execution of it that a worker has leased. */
async function underWay(accountId: string, definition: Partial<Job> = {}) {
  const job = await insertJob(store, { accountId, ...definition }, { inFlight: 1 });
  const execution = claimed(job, AT);
  await store.db.transaction().execute((trx) => insertExecutions(trx, [execution]));
  const { id, taskId } = execution;
  await leaseExecutions(store.db, [{ taskId, taskAttempt: 0, executionIds: [id] }]);
  await sql`DELETE FROM automation_outbox`.execute(store.db);
  return { job, execution };
}

const record = (execution: { id: string; jobId: string; taskId: string }, result: AttemptResult) => {
  const { id: executionId, jobId, taskId } = execution;
  const made = { number: 1, retryLimit: 0, timeoutMs: 1_000, payload: { pin: 1 }, input: { pin: 1 } };
  const attempt = { executionId, jobId, phase: 'check', ...made, startedAt: AT, completedAt: AT } as const;
  const outcome: Outcome = {
    executionId,
    jobId,
    taskId,
    taskAttempt: 0,
    settlement: settle(attempt, result),
    nextTaskId: null,
  };
  return store.db.transaction().execute((trx) => recordOutcomes(trx, [outcome]));
};

const ofExecution = (status: string, reason: string | null) => ({
  type: `execution.${status}`,
  data: {
    status,
    reason,
    trigger: 'schedule',
    scheduled_for: '2026-03-04T05:06:00.250Z',
    duration_ms: expect.any(Number),
  },
});

test('a new job is told of by the statement that stores it, and a refused one is not', async () => {
  const job = await insertJob(store, { accountId: 'acc', name: 'told' });
  await expect(insertJob(store, { accountId: 'acc', name: 'told' })).rejects.toThrow('already exists');
  expect(await unpublished(store)).toEqual([
    {
      accountId: 'acc',
      jobId: job.id,
      executionId: null,
      type: 'job.created',
      data: { status: 'active', enabled: true, reason: null },
    },
  ]);
});

test('of a transaction that is rolled back nothing is told', async () => {
  const change = store.db.transaction().execute(async (trx) => {
    await writeEvents(trx, [buildEvent({ accountId: 'acc' })]);
    throw new Error('rolled back');
  });
  await expect(change).rejects.toThrow('rolled back');
  expect(await unpublished(store)).toEqual([]);
});

test('events are in the order in which they are given, those of executions only of accounts that want them', async () => {
  const [wanting, other] = [await newAccount(true), await newAccount(false)];
  await write(store, [
    buildEvent({ accountId: other, type: 'job.updated' }),
    buildEvent({ accountId: other, type: 'execution.skipped', executionId: crypto.randomUUID() }),
    buildEvent({ accountId: wanting, type: 'execution.skipped', executionId: crypto.randomUUID() }),
    buildEvent({ accountId: wanting, type: 'job.completed' }),
  ]);
  expect((await unpublished(store)).map(({ accountId, type }) => [accountId, type])).toEqual([
    [other, 'job.updated'],
    [wanting, 'execution.skipped'],
    [wanting, 'job.completed'],
  ]);
});

describe('an execution that ends', () => {
  test.each([
    ['declined', DECLINED, null],
    ['failed', BROKEN, 'check: HTTP 400'],
  ] as const)('%s: one event, without payload and output', async (status, result, reason) => {
    const { job, execution } = await underWay(await newAccount(true));
    await record(execution, result);
    const { id: jobId, accountId } = job;
    const event = { accountId, jobId, executionId: execution.id, ...ofExecution(status, reason) };
    expect(await unpublished(store)).toEqual([event]);
    await record(execution, result);
    expect(await unpublished(store)).toHaveLength(1);
  });

  test('and goes on: none', async () => {
    const { execution } = await underWay(await newAccount(true));
    await record(execution, { kind: 'succeeded', httpStatus: 200, output: {}, logs: [] });
    expect(await unpublished(store)).toEqual([]);
  });

  test('costs accounts nothing that do not want to hear of it', async () => {
    const { execution } = await underWay(await newAccount(false));
    await record(execution, DECLINED);
    expect(await unpublished(store)).toEqual([]);
  });
});

test('a cancelled execution is told of', async () => {
  const { job, execution } = await underWay(await newAccount(true));
  const cancellation = { id: execution.id, jobId: job.id, reason: 'by request' };
  await store.db.transaction().execute((trx) => cancelExecution(trx, cancellation));
  expect(await unpublished(store)).toMatchObject([
    { executionId: execution.id, ...ofExecution('cancelled', 'by request') },
  ]);
});

test('so are those that are cancelled because they waited for a job that was stopped', async () => {
  const accountId = await newAccount(true);
  const job = await insertJob(store, { accountId, overlapPolicy: 'queue' }, { inFlight: 1, waiting: 1 });
  const waiting = { ...claimed(job, AT, { state: 'waiting', reason: null }), taskId: null };
  await store.db.transaction().execute((trx) => insertExecutions(trx, [waiting]));
  await store.db.transaction().execute((trx) => cancelWaiting(trx, [job.id], 'the job was paused'));
  expect((await unpublished(store)).slice(1)).toMatchObject([
    {
      executionId: waiting.id,
      type: 'execution.cancelled',
      data: { reason: 'the job was paused', duration_ms: null },
    },
  ]);
});
