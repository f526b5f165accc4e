import { cancelExecution } from '@automation/dispatch';
import { newId } from '@automation/domain';
import { advanceJobs, executions, insertExecutions, jobs } from '@automation/store';
import { type Answer, linkTo, waitUntil } from '@automation/testing';

import { openTestWorkers, type TestWorkers } from './test-workers.fixture.ts';

let workers: TestWorkers;

beforeAll(async () => {
  workers = await openTestWorkers();
});

afterEach(() => workers.stopAll());

afterAll(() => workers.dispose());

const cancel = ({ id, jobId }: { id: string; jobId: string }) =>
  workers.queue.transaction(workers.store.db, (trx, tasks) =>
    cancelExecution(trx, tasks, { id, jobId, reason: 'by request' }),
  );

/** An occurrence that waits for the one that runs, as a claim under overlap_policy queue writes it. */
async function insertSuccessor(job: { id: string; accountId: string; functionId: string }) {
  const scheduledFor = new Date();
  const { id: jobId, accountId, functionId } = job;
  const trigger = 'schedule' as const;
  const waiting = { state: 'waiting' as const, reason: null, taskId: null };
  const successor = { id: newId(scheduledFor), jobId, accountId, functionId, trigger, scheduledFor };
  await workers.store.db.transaction().execute(async (trx) => {
    const { nextRun, nextOccurrence, status } = (await jobs.findForUpdate(trx, jobId))!;
    await insertExecutions(trx, [{ ...successor, ...waiting, dueAt: scheduledFor }]);
    const advance = { nextRun, nextOccurrence, status, statusReason: null };
    await advanceJobs(trx, [{ ...advance, id: jobId, started: 1, waiting: 1, skipped: 0 }]);
  });
  return successor;
}

test('the request that is under way is aborted, nothing of it is recorded, and its task is completed', async () => {
  const { job, path } = await workers.newJob();
  workers.server.script(path, ({ body }) => (body['phase'] === 'check' ? { body: {} } : 'hang'));
  await workers.start();
  const execution = await workers.run(job);
  await waitUntil(() => workers.server.calls(path).length === 2);
  const before = await workers.find(execution);
  const [check, perform] = workers.server.calls(path);

  expect(await cancel(before)).toMatchObject({ formerStatus: 'performing' });

  await waitUntil(() => perform!.isCutOff);
  await waitUntil(async () => (await workers.openTasks()) === 0);
  expect(check!.isCutOff).toBe(false);
  expect(await workers.find(execution)).toEqual({
    ...before,
    status: 'cancelled',
    reason: 'by request',
    perform: null,
    completedAt: expect.any(Date),
  });
  expect(await jobs.find(workers.store.db, job.id)).toMatchObject({
    inFlight: 0,
    runCount: 0,
    consecutiveFailures: 0,
  });
});

test('the one that waited for it starts', async () => {
  const { job, path } = await workers.newJob({ overlapPolicy: 'queue' });
  let answer: Answer = 'hang';
  workers.server.script(path, () => answer);
  await workers.start();
  const running = await workers.run(job);
  await waitUntil(() => workers.server.calls(path).length === 1);
  const successor = await insertSuccessor(job);
  answer = { body: { shouldPerform: false } };

  await cancel(running);

  expect(await workers.untilFinished(successor)).toMatchObject({ status: 'declined' });
  expect(await workers.find(running)).toMatchObject({ status: 'cancelled' });
  expect(await jobs.find(workers.store.db, job.id)).toMatchObject({ inFlight: 0, waiting: 0 });
});

test('one that waits its turn within the worker is not begun', async () => {
  const { job, path } = await workers.newJob();
  workers.server.script(path, () => 'hang');
  const [first, second] = [await workers.run(job), await workers.run(job)];
  await workers.start({ WORKER_CONCURRENCY: '1' });
  await waitUntil(() => workers.server.calls(path).length === 1);
  const isFirst = workers.server.calls(path)[0]?.headers['x-automation-execution'] === first.id;
  const [running, waiting] = isFirst ? [first, second] : [second, first];
  await waitUntil(async () => (await workers.find(waiting)).status === 'checking');

  await cancel(waiting);
  // The worker hears of the two in this order, so the first is known to it when the second's request is cut off.
  await cancel(running);

  await waitUntil(() => workers.server.calls(path)[0]?.isCutOff);
  await waitUntil(async () => (await workers.openTasks()) === 0);
  expect(workers.server.calls(path)).toHaveLength(1);
  for (const execution of [running, waiting]) {
    expect(await workers.find(execution)).toMatchObject({ status: 'cancelled', check: null });
  }
});

test('one that another worker is at is aborted there', async () => {
  const { job, path } = await workers.newJob();
  workers.server.script(path, () => 'hang');
  await Promise.all([workers.start(), workers.start(), workers.start()]);
  const all = await Promise.all(Array.from({ length: 6 }, () => workers.run(job)));
  await waitUntil(() => workers.server.calls(path).length === 6);
  await Promise.all(all.map(cancel));
  await waitUntil(() => workers.server.calls(path).every(({ isCutOff }) => isCutOff));
  await waitUntil(async () => (await workers.openTasks()) === 0);
  const found = await executions.list(workers.store.db, { jobId: job.id, limit: 10 });
  expect(found.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'cancelled'));
});

test('one whose cancellation the worker could not hear of is aborted once it hears again', async () => {
  const { job, path } = await workers.newJob();
  workers.server.script(path, () => 'hang');
  const link = await linkTo(workers.config().DATABASE_URL);
  const worker = await workers.start({ DATABASE_SESSION_URL: link.url });
  const [execution, other] = [await workers.run(job), await workers.run(job)];
  await waitUntil(() => workers.server.calls(path).length === 2);

  link.cut();
  await cancel(execution);
  link.mend();

  const callOf = ({ id }: { id: string }) =>
    workers.server.calls(path).find(({ headers }) => headers['x-automation-execution'] === id);
  await waitUntil(() => callOf(execution)?.isCutOff);
  expect(callOf(other)?.isCutOff).toBe(false);
  await cancel(other);
  await waitUntil(async () => (await workers.openTasks()) === 0);
  await worker.stop();
  await link.close();
});

test('one that waits for a retry is not tried again', async () => {
  const { job, path } = await workers.newJob({ retryLimit: 5 });
  workers.server.script(path, () => ({ status: 503, headers: { 'retry-after': '3600' } }));
  await workers.start();
  const execution = await workers.run(job);
  await waitUntil(async () => (await workers.find(execution)).check?.status === 'retrying');

  await cancel(await workers.find(execution));
  await workers.skipDelays();

  await waitUntil(async () => (await workers.openTasks()) === 0);
  expect(workers.server.calls(path)).toHaveLength(1);
  expect(await workers.find(execution)).toMatchObject({
    status: 'cancelled',
    check: { status: 'retrying', attempts: 1 },
  });
});
