import { randomUUID } from 'node:crypto';

import {
  type AttemptResult,
  checkInput,
  type Phase,
  postpone,
  settle,
  type Settlement,
} from '@automation/domain';
import { buildAccount, buildFunction } from '@automation/testing';
import { sql } from 'kysely';

import {
  accounts,
  cancelExecution,
  executions,
  findOpenAttempt,
  functions,
  leaseExecutions,
  type LeasedExecution,
  recordOutcomes,
} from './index.ts';
import { insertJob, insertOccurrences, openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(() => store.dispose());

const ACCEPTED: AttemptResult = { kind: 'accepted', httpStatus: 202, withinMs: null };
const UNAVAILABLE: AttemptResult = {
  kind: 'unavailable',
  httpStatus: 503,
  error: 'HTTP 503',
  retryAfterMs: 0,
};
const TIMED_OUT: AttemptResult = { kind: 'timed_out', httpStatus: 202, error: 'too late' };
const says = (output = {}): AttemptResult => ({ kind: 'succeeded', httpStatus: 200, output, logs: [] });

const BEGAN = new Date('2026-03-04T05:06:07.250Z');
const ENDED = new Date('2026-03-04T05:06:08.500Z');

/** A job with one execution in flight, which nobody has leased yet. */
async function setup() {
  const account = buildAccount();
  const fn = buildFunction({ accountId: account.id });
  await accounts.insert(store.db, account);
  await functions.insert(store.db, fn);
  const job = await insertJob(
    store,
    { accountId: account.id, functionId: fn.id, payload: { colour: 'blue' }, retryLimit: 2 },
    { inFlight: 1 },
  );
  const [execution] = await insertOccurrences(store, job, [new Date('2026-03-04T05:06:00Z')]);
  return { job, execution: execution! };
}

const lease = ({ id, taskId }: { id: string; taskId: string }, taskAttempt = 0) =>
  leaseExecutions(store.db, [{ taskId, taskAttempt, executionIds: [id] }]);

/** Records under a lease what came of it; the task that takes the execution on. */
async function record(
  leased: Pick<LeasedExecution, 'id' | 'jobId' | 'taskId'> & { taskAttempt: number | null },
  settlement: Settlement,
) {
  const nextTaskId = settlement.next === null ? null : randomUUID();
  const outcome = { ...leased, executionId: leased.id, settlement, nextTaskId };
  const recorded = await store.db.transaction().execute((trx) => recordOutcomes(trx, [outcome]));
  return { id: leased.id, taskId: nextTaskId ?? leased.taskId, isRecorded: recorded.length === 1 };
}

function attempt(
  leased: { id: string; jobId: string },
  result: AttemptResult,
  phase: Phase = 'check',
  number = 1,
) {
  const { id: executionId, jobId } = leased;
  const input = checkInput(jobId, {});
  const times = { startedAt: BEGAN, completedAt: ENDED, timeoutMs: 30_000 };
  return settle({ executionId, jobId, phase, number, retryLimit: 2, payload: {}, input, ...times }, result);
}

/** Leases an execution's task and records what the attempt came to. */
async function run(execution: { id: string; taskId: string }, result: AttemptResult, phase: Phase = 'check') {
  const [leased] = await lease(execution);
  return record(leased!, attempt(leased!, result, phase, leased!.attempts + 1));
}

const open = (id: string, token: string) => findOpenAttempt(store.db, { id, token });

const tokenOf = async (id: string) => {
  const { rows } = await sql<{ completionToken: string | null }>`
    SELECT completion_token FROM automation_executions WHERE id = ${id}`.execute(store.db);
  return rows[0]!.completionToken;
};

describe('the token of an attempt', () => {
  test('opens it while the request is under way, under the lease of who makes it', async () => {
    const { job, execution } = await setup();
    const [leased] = await lease(execution, 3);
    expect(await open(execution.id, leased!.completionToken)).toEqual({
      id: execution.id,
      jobId: job.id,
      accountId: job.accountId,
      functionId: job.functionId,
      status: 'checking',
      finishedAt: null,
      phase: 'check',
      number: 1,
      startedAt: expect.any(Date),
      taskId: execution.taskId,
      taskAttempt: 3,
      payload: { colour: 'blue' },
      performInput: null,
      retryLimit: 2,
    });
  });

  test('opens it until the deadline, when nobody holds its task; it is the same attempt, from its start on', async () => {
    const { execution } = await setup();
    const [leased] = await lease(execution);
    const { taskId } = await record(leased!, attempt(leased!, ACCEPTED));
    expect(await open(execution.id, leased!.completionToken)).toMatchObject({
      number: 1,
      startedAt: BEGAN,
      taskId,
      taskAttempt: null,
    });
  });

  test('and no other does, of this execution or of another', async () => {
    const [one, other] = [await setup(), await setup()];
    const [leased] = await lease(one.execution);
    await lease(other.execution);
    expect(await open(one.execution.id, randomUUID())).toBeUndefined();
    expect(await open(other.execution.id, leased!.completionToken)).toBeUndefined();
  });

  test('is not there before an attempt is made', async () => {
    const { execution } = await setup();
    expect(await tokenOf(execution.id)).toBeNull();
  });

  test('stays the same when the attempt is repeated after a crash: the function may have begun', async () => {
    const { execution } = await setup();
    const [first] = await lease(execution, 0);
    const [again] = await lease(execution, 1);
    expect(again!.completionToken).toBe(first!.completionToken);
    expect(await open(execution.id, first!.completionToken)).toMatchObject({ number: 1, taskAttempt: 1 });
  });

  test.each([
    ['a retry', UNAVAILABLE],
    ['a perform', says()],
  ])('is another one for %s, and the old one opens nothing any more', async (_what, result) => {
    const { execution } = await setup();
    const [leased] = await lease(execution);
    const next = await record(leased!, attempt(leased!, result));
    expect(await open(execution.id, leased!.completionToken)).toBeUndefined();
    const [later] = await lease(next);
    expect(later!.completionToken).not.toBe(leased!.completionToken);
    expect(await open(execution.id, leased!.completionToken)).toBeUndefined();
    expect(await open(execution.id, later!.completionToken)).toMatchObject({ taskId: next.taskId });
  });

  test('of one that was not completed in time opens nothing while another attempt follows', async () => {
    const { execution } = await setup();
    const [leased] = await lease(execution);
    const deadline = await record(leased!, attempt(leased!, ACCEPTED));
    await run(deadline, TIMED_OUT);
    expect(await open(execution.id, leased!.completionToken)).toBeUndefined();
  });

  test('still names a finished execution, to say so', async () => {
    const { execution, job } = await setup();
    const [leased] = await lease(execution);
    await store.db
      .transaction()
      .execute((trx) => cancelExecution(trx, { id: execution.id, jobId: job.id, reason: 'by request' }));
    expect(await open(execution.id, leased!.completionToken)).toMatchObject({
      status: 'cancelled',
      finishedAt: expect.any(Date),
    });
  });
});

test('an attempt of which nothing is recorded did not begin before the one before it had ended', async () => {
  const { execution } = await setup();
  await sql`UPDATE automation_executions SET started_at = ${BEGAN} WHERE id = ${execution.id}`.execute(
    store.db,
  );
  const [check] = await lease(execution);
  expect(await open(execution.id, check!.completionToken)).toMatchObject({ startedAt: BEGAN });
  const [perform] = await lease(await record(check!, attempt(check!, says())));
  expect(await open(execution.id, perform!.completionToken)).toMatchObject({
    phase: 'perform',
    number: 1,
    startedAt: ENDED,
    performInput: expect.any(Object),
  });
});

describe('the lease of an execution that awaits its completion', () => {
  test('says when the attempt began that was not completed in time', async () => {
    const { execution } = await setup();
    const [first] = await lease(execution);
    expect(first!.acceptedAt).toBeNull();
    const [late] = await lease(await record(first!, attempt(first!, ACCEPTED)));
    expect(late).toMatchObject({ acceptedAt: BEGAN, attempts: 1, completionToken: first!.completionToken });
  });

  test('is an ordinary one again for the attempt that follows', async () => {
    const { execution } = await setup();
    const retry = await run(await run(execution, ACCEPTED), TIMED_OUT);
    expect(await lease(retry)).toMatchObject([{ acceptedAt: null, attempts: 2 }]);
  });
});

async function setupAccepted() {
  const { execution } = await setup();
  const [leased] = await lease(execution);
  const deadline = await record(leased!, attempt(leased!, ACCEPTED));
  const opened = (await open(execution.id, leased!.completionToken))!;
  const complete = () => record(opened, attempt(opened, says({ shouldPerform: false })));
  return { execution, deadline, complete };
}

describe('of the completion and the deadline that come at the same time one counts', () => {
  test('the completion, if no worker had taken the deadline yet', async () => {
    const { execution, deadline, complete } = await setupAccepted();
    expect(await complete()).toMatchObject({ isRecorded: true });
    expect(await lease(deadline)).toEqual([]);
    expect(await executions.find(store.db, execution.id)).toMatchObject({ status: 'declined' });
  });

  test('the deadline, if a worker has', async () => {
    const { execution, deadline, complete } = await setupAccepted();
    const [late] = await lease(deadline);
    expect(await complete()).toMatchObject({ isRecorded: false });
    await record(late!, attempt(late!, TIMED_OUT, 'check', 3));
    expect(await executions.find(store.db, execution.id)).toMatchObject({ status: 'timed_out' });
  });
});

test('an execution that is postponed keeps its record, and has used up no attempt', async () => {
  const { execution } = await setup();
  const retry = await run(execution, UNAVAILABLE);
  const [leased] = await lease(retry);
  const postponed = await record(
    leased!,
    postpone(leased!, { delayMs: 1_000, reason: 'the circuit is open' }),
  );
  expect(await executions.find(store.db, execution.id)).toMatchObject({
    status: 'checking',
    reason: 'the circuit is open',
    completedAt: null,
    check: { status: 'retrying', attempts: 1, error: 'HTTP 503' },
  });
  expect(await open(execution.id, leased!.completionToken)).toBeUndefined();
  expect(await lease(postponed)).toMatchObject([{ attempts: 1, phase: 'check' }]);
  await expect(lease(retry)).resolves.toEqual([]);
});
