import { randomUUID } from 'node:crypto';

import { type Attempt, type AttemptResult, MOST_LOGGED_ATTEMPTS, settle } from '@automation/domain';

import { executions, leaseExecutions, recordOutcomes } from './index.ts';
import { insertJob, insertOccurrences, openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(() => store.dispose());

const BEGAN = Date.parse('2026-03-04T05:06:00Z');
const TIMES = { connectMs: 3, waitMs: 400, bodyMs: 97 };
const NOT_MEASURED = { connectMs: null, waitMs: null, bodyMs: null };

const OK: AttemptResult = { kind: 'succeeded', httpStatus: 200, output: {}, logs: [] };
const ACCEPTED: AttemptResult = { kind: 'accepted', httpStatus: 202, withinMs: null };
const UNAVAILABLE: AttemptResult = {
  kind: 'unavailable',
  httpStatus: 503,
  error: 'HTTP 503',
  retryAfterMs: 90_000,
};

async function setup() {
  const job = await insertJob(store, {}, { inFlight: 1 });
  const [execution] = await insertOccurrences(store, job, [new Date(BEGAN)]);
  return new Phases(execution!);
}

/** Leases an execution again and again, and records what its attempts come to. */
class Phases {
  #execution: { id: string; taskId: string };

  constructor(execution: { id: string; taskId: string }) {
    this.#execution = execution;
  }

  /** Attempt number n begins n minutes after the first minute and takes half a second. */
  async attempt(number: number, result: AttemptResult, changes: Partial<Attempt> = {}): Promise<void> {
    const { id, taskId } = this.#execution;
    const [leased] = await leaseExecutions(store.db, [{ taskId, taskAttempt: 0, executionIds: [id] }]);
    const { jobId, phase } = leased!;
    const startedAt = new Date(BEGAN + number * 60_000);
    const times = { startedAt, completedAt: new Date(startedAt.getTime() + 500), timeoutMs: 30_000 };
    const attempt = {
      executionId: id,
      jobId,
      phase,
      number,
      retryLimit: 20,
      payload: {},
      input: {},
      ...times,
    };
    const settlement = settle({ ...attempt, times: TIMES, ...changes }, result);
    const nextTaskId = settlement.next === null ? null : randomUUID();
    const outcome = { executionId: id, jobId, taskId, taskAttempt: 0, settlement, nextTaskId };
    await store.db.transaction().execute((trx) => recordOutcomes(trx, [outcome]));
    this.#execution = { id, taskId: nextTaskId ?? taskId };
  }

  async logs() {
    const found = await executions.find(store.db, this.#execution.id);
    return { check: found?.check?.attemptLog, perform: found?.perform?.attemptLog };
  }

  /** Takes out of the check's record what older versions did not write. */
  async forgetTimes(): Promise<void> {
    await store.pool.query(
      `UPDATE automation_executions SET check_result = check_result - 'times' WHERE id = $1`,
      [this.#execution.id],
    );
  }
}

test('a phase keeps its attempts, each with its times and when the next one was planned for', async () => {
  const phases = await setup();
  await phases.attempt(1, UNAVAILABLE);
  await phases.attempt(2, UNAVAILABLE, { times: { connectMs: 5_000, waitMs: null, bodyMs: null } });
  await phases.attempt(3, OK);
  await phases.attempt(1, OK);
  expect(await phases.logs()).toEqual({
    check: [
      {
        number: 1,
        status: 'retrying',
        error: 'HTTP 503',
        httpStatus: 503,
        startedAt: new Date('2026-03-04T05:07:00Z'),
        completedAt: new Date('2026-03-04T05:07:00.5Z'),
        times: TIMES,
        retryAt: new Date('2026-03-04T05:08:30.5Z'),
      },
      expect.objectContaining({
        number: 2,
        status: 'retrying',
        times: { connectMs: 5_000, waitMs: null, bodyMs: null },
        retryAt: new Date('2026-03-04T05:09:30.5Z'),
      }),
      expect.objectContaining({ number: 3, status: 'succeeded', error: '', times: TIMES, retryAt: null }),
    ],
    perform: [expect.objectContaining({ number: 1, status: 'succeeded' })],
  });
});

test('a phase keeps its last 10 attempts', async () => {
  const phases = await setup();
  for (let number = 1; number <= MOST_LOGGED_ATTEMPTS + 3; number += 1)
    await phases.attempt(number, UNAVAILABLE);
  const { check } = await phases.logs();
  expect(check?.map(({ number }) => number)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
});

test('an attempt that was accepted is one, with the times of its request and the end of its completion', async () => {
  const phases = await setup();
  await phases.attempt(1, UNAVAILABLE);
  await phases.attempt(2, ACCEPTED);
  expect((await phases.logs()).check).toMatchObject([{ number: 1 }, { number: 2, status: 'accepted' }]);
  const completedAt = new Date('2026-03-04T05:20:00Z');
  await phases.attempt(2, OK, { completedAt, times: NOT_MEASURED });
  expect((await phases.logs()).check).toMatchObject([
    { number: 1, status: 'retrying', completedAt: new Date('2026-03-04T05:07:00.5Z') },
    { number: 2, status: 'succeeded', times: TIMES, completedAt },
  ]);
});

test('a record of a version that kept no attempts has none, until another one follows', async () => {
  const phases = await setup();
  await phases.attempt(1, UNAVAILABLE);
  await phases.forgetTimes();
  expect((await phases.logs()).check).toEqual([]);
  await phases.attempt(2, OK);
  expect((await phases.logs()).check).toMatchObject([
    { number: 1, status: 'retrying', times: NOT_MEASURED },
    { number: 2, status: 'succeeded', times: TIMES },
  ]);
});
