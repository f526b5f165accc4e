import { executions, jobs, type LeasedExecution, leaseExecutions } from '@automation/store';

import { cancelExecution } from './index.ts';
import { claim, insertOverdueJob, openTestDispatch, type TestDispatch } from './test-dispatch.fixture.ts';

let dispatch: TestDispatch;

beforeAll(async () => {
  dispatch = await openTestDispatch();
});

afterEach(() => dispatch.store.pool.query('DELETE FROM pgboss.job'));

afterAll(() => dispatch.dispose());

const cancel = (execution: { id: string; jobId: string }) =>
  dispatch.queue.transaction(dispatch.store.db, (trx, tasks) =>
    cancelExecution(trx, tasks, { ...execution, reason: 'by request' }),
  );

const statusesOf = async (jobId: string) => {
  const all = await executions.list(dispatch.store.db, { jobId, limit: 100 });
  return all.toReversed().map(({ status }) => status);
};

const countsOf = async (jobId: string) => {
  const { inFlight, waiting } = (await jobs.find(dispatch.store.db, jobId))!;
  return { inFlight, waiting };
};

function lease(taskId: string, executionId: string): Promise<LeasedExecution[]> {
  return leaseExecutions(dispatch.store.db, [{ taskId, taskAttempt: 0, executionIds: [executionId] }]);
}

/** A job with one execution that runs and others that wait for it, oldest first. */
async function setup(total: number, overlapPolicy: 'queue' | 'skip' = 'queue') {
  const job = await insertOverdueJob(dispatch, total, { overlapPolicy, catchUpPolicy: 'all' });
  const written = await claim(dispatch, job.id);
  await dispatch.store.pool.query('DELETE FROM pgboss.job');
  return { job, written };
}

test('when the one that runs is cancelled, the oldest that waits gets its task', async () => {
  const { job, written } = await setup(3);
  const [first, second] = written;
  await lease(first!.taskId!, first!.id);

  expect(await cancel(first!)).toBeDefined();

  expect(await statusesOf(job.id)).toEqual(['cancelled', 'pending', 'pending']);
  expect(await countsOf(job.id)).toEqual({ inFlight: 2, waiting: 1 });
  expect(await dispatch.queued('check')).toEqual([[second!.id]]);
});

test('when one that waits is cancelled, the one that runs keeps the others waiting', async () => {
  const { job, written } = await setup(3);

  expect(await cancel(written[1]!)).toBeDefined();

  expect(await statusesOf(job.id)).toEqual(['pending', 'cancelled', 'pending']);
  expect(await countsOf(job.id)).toEqual({ inFlight: 2, waiting: 1 });
  expect(await dispatch.queued('check')).toEqual([]);
});

test('one that was cancelled while it waited is skipped when its turn comes', async () => {
  const { written } = await setup(3);
  await cancel(written[1]!);

  await cancel(written[0]!);

  expect(await dispatch.queued('check')).toEqual([[written[2]!.id]]);
});

test('all of a backlog can be cancelled, one by one, and nothing is left to do', async () => {
  const { job, written } = await setup(4, 'skip');
  for (const execution of written) expect(await cancel(execution)).toBeDefined();

  expect(await countsOf(job.id)).toEqual({ inFlight: 0, waiting: 0 });
  const tasks = await dispatch.queued('check');
  expect(tasks.flat()).toEqual(written.slice(1).map(({ id }) => id));
  expect(await statusesOf(job.id)).toEqual(['cancelled', 'cancelled', 'cancelled', 'cancelled']);
});

test('twice is once: the second time there is nothing to cancel, and nobody is released for it', async () => {
  const { job, written } = await setup(3);
  await cancel(written[0]!);

  expect(await cancel(written[0]!)).toBeUndefined();

  expect(await countsOf(job.id)).toEqual({ inFlight: 2, waiting: 1 });
  expect(await dispatch.queued('check')).toHaveLength(1);
});

test('several at once of the same execution: one of them cancels it', async () => {
  const { job, written } = await setup(3);

  const answers = await Promise.all(Array.from({ length: 5 }, () => cancel(written[0]!)));

  expect(answers.filter(Boolean)).toHaveLength(1);
  expect(await countsOf(job.id)).toEqual({ inFlight: 2, waiting: 1 });
  expect(await dispatch.queued('check')).toHaveLength(1);
});

test('a transaction that fails later cancels nothing and enqueues nothing', async () => {
  const { job, written } = await setup(2);
  const failed = dispatch.queue.transaction(dispatch.store.db, async (trx, tasks) => {
    await cancelExecution(trx, tasks, { ...written[0]!, reason: 'by request' });
    throw new Error('broken');
  });

  await expect(failed).rejects.toThrow('broken');

  expect(await statusesOf(job.id)).toEqual(['pending', 'pending']);
  expect(await dispatch.queued('check')).toEqual([]);
});
