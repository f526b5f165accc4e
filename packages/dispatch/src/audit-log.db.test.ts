import { type AttemptResult, BY_SERVICE, type Job, type NewJob, settle } from '@automation/domain';
import { auditLog, eventSettings, jobs, leaseExecutions } from '@automation/store';
import { unique } from '@automation/testing';

import { recordOutcomes } from './index.ts';
import { claim, insertOverdueJob, openTestDispatch, type TestDispatch } from './test-dispatch.fixture.ts';

let dispatch: TestDispatch;

beforeAll(async () => {
  dispatch = await openTestDispatch();
});

afterAll(() => dispatch.dispose());

const GONE: AttemptResult = { kind: 'gone', httpStatus: 410, error: 'HTTP 410' };
const REJECTED: AttemptResult = {
  kind: 'rejected',
  httpStatus: 400,
  error: 'HTTP 400',
  output: {},
  logs: [],
};
const OK: AttemptResult = { kind: 'succeeded', httpStatus: 200, output: {}, logs: [] };

/** A job of an account of its own, with one execution under way. */
async function startJob(definition: Partial<NewJob>): Promise<{ job: Job; finish: Finish }> {
  const job = await insertOverdueJob(dispatch, 1, { accountId: unique('acc'), ...definition });
  const [execution] = await claim(dispatch, job.id);
  const task = { taskId: execution!.taskId!, taskAttempt: 0, executionIds: [execution!.id] };
  const [leased] = await leaseExecutions(dispatch.store.db, [task]);
  const finish: Finish = async (phase, result) => {
    const attempt = {
      ...leased!,
      phase,
      executionId: leased!.id,
      number: 1,
      retryLimit: 0,
      timeoutMs: 1_000,
      payload: {},
      input: {},
    };
    const times = { startedAt: new Date(), completedAt: new Date() };
    const settlement = settle({ ...attempt, ...times }, result);
    const batch = { settled: [{ execution: leased!, settlement }], completed: [] };
    await recordOutcomes(dispatch.store.db, dispatch.queue, batch);
  };
  return { job, finish };
}

type Finish = (phase: 'check' | 'perform', result: AttemptResult) => Promise<void>;

/** What is told of a job beside its creation, by type and reason. */
const eventsOf = async ({ id }: Job) => {
  const { rows } = await dispatch.store.pool.query<{ type: string; reason: string }>(
    `SELECT type, data ->> 'reason' AS reason FROM automation_outbox
     WHERE job_id = $1 AND type <> 'job.created' ORDER BY id`,
    [id],
  );
  return rows;
};

/** What the log says of a job since it was created. */
async function logOf({ accountId }: Job) {
  const entries = await auditLog.list(dispatch.store.db, { accountId, limit: 10 });
  return entries.filter(({ action }) => action !== 'job.created');
}

test.each<[string, Partial<NewJob>, AttemptResult]>([
  ['the function answered 410 Gone', {}, GONE],
  ['1 failed executions in a row', { pauseAfterFailures: 1 }, REJECTED],
])(
  'a job that the service pauses is told of in the log and by an event, with the reason: %s',
  async (reason, given, result) => {
    const { job, finish } = await startJob(given);
    await finish('check', result);
    expect(await logOf(job)).toMatchObject([
      {
        ...BY_SERVICE,
        action: 'job.paused',
        targetId: job.id,
        before: { status: 'active', enabled: true, status_reason: null },
        after: { status: 'paused', enabled: false, status_reason: reason },
      },
    ]);
    expect(await eventsOf(job)).toEqual([{ type: 'job.paused', reason }]);
  },
);

test('so is one that has had its runs', async () => {
  const { job, finish } = await startJob({ maxRuns: 1 });
  await finish('perform', OK);
  expect(await logOf(job)).toMatchObject([
    { action: 'job.completed', after: { status: 'completed', status_reason: 'max_runs 1 reached' } },
  ]);
  expect(await eventsOf(job)).toEqual([{ type: 'job.completed', reason: 'max_runs 1 reached' }]);
});

test('one that was paused before it had them was not active', async () => {
  const { job, finish } = await startJob({ maxRuns: 1 });
  const paused = { status: 'paused', enabled: false, nextRun: null, nextOccurrence: null } as const;
  await dispatch.store.db.transaction().execute(async (trx) => {
    const held = await jobs.findForUpdate(trx, job.id);
    await jobs.update(trx, { ...held!, ...paused });
  });
  await finish('perform', OK);
  expect(await logOf(job)).toMatchObject([
    { action: 'job.completed', before: { status: 'paused', enabled: false } },
  ]);
});

test('what happened to the execution is told of before what that did to the job (SPEC 5)', async () => {
  const { job, finish } = await startJob({ pauseAfterFailures: 1 });
  await eventSettings.set(dispatch.store.db, job.accountId, { executionEvents: true });
  await finish('check', REJECTED);
  expect(await eventsOf(job)).toEqual([
    { type: 'execution.failed', reason: 'check: HTTP 400' },
    { type: 'job.paused', reason: '1 failed executions in a row' },
  ]);
});

test('an outcome that stops no job leaves no entry', async () => {
  const { job, finish } = await startJob({ pauseAfterFailures: 2 });
  await finish('check', REJECTED);
  expect(await eventsOf(job)).toEqual([]);
  expect(await logOf(job)).toEqual([]);
});

test('an outcome that is recorded already leaves no second one', async () => {
  const { job, finish } = await startJob({});
  await finish('check', GONE);
  await finish('check', GONE);
  expect(await logOf(job)).toHaveLength(1);
});
