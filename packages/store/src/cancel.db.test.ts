import type { Job } from '@automation/domain';
import { waitUntil } from '@automation/testing';
import { sql } from 'kysely';

import {
  cancelExecution,
  EXECUTION_CANCELLED,
  executions,
  findCancelled,
  insertExecutions,
  jobs,
  leaseExecutions,
} from './index.ts';
import { claimed, insertJob, openTestStore, type TestStore, untilBlocked } from './test-store.fixture.ts';

let store: TestStore;
const heard: string[] = [];

beforeAll(async () => {
  store = await openTestStore();
  await store.listener.listen(
    EXECUTION_CANCELLED,
    (id) => heard.push(id),
    () => undefined,
  );
});

afterAll(() => store.dispose());

const at = (second: number) => new Date(Date.parse('2026-03-04T05:06:00Z') + second * 1_000);

const cancel = ({ id, jobId }: { id: string; jobId: string }) =>
  store.db.transaction().execute((trx) => cancelExecution(trx, { id, jobId, reason: 'by request' }));

const waitingOf = async ({ id }: Job) => {
  const { rows } = await sql<{ executionId: string }>`
    SELECT execution_id FROM automation_waiting_executions WHERE job_id = ${id} ORDER BY scheduled_for`.execute(
    store.db,
  );
  return rows.map(({ executionId }) => executionId);
};

/** A job with one execution that has its task, and two that wait for it. */
async function setup() {
  const job = await insertJob(store, { overlapPolicy: 'queue' }, { inFlight: 3, waiting: 2 });
  const ready = claimed(job, at(0));
  const waiting = [1, 2].map((second) => claimed(job, at(second), { state: 'waiting', reason: null }));
  const unassigned = waiting.map((execution) => ({ ...execution, taskId: null }));
  await store.db.transaction().execute((trx) => insertExecutions(trx, [ready, ...unassigned]));
  return { job, ready, waiting: [waiting[0]!, waiting[1]!] as const };
}

const lease = ({ id, taskId }: { id: string; taskId: string }, taskAttempt = 0) =>
  leaseExecutions(store.db, [{ taskId, taskAttempt, executionIds: [id] }]);

const PENDING = { formerStatus: 'pending', formerReason: null };

test('a pending execution: it is cancelled with its reason, and its task finds it no more', async () => {
  const { job, ready } = await setup();
  expect(await cancel(ready)).toEqual({ ...PENDING, waiting: 2, running: 0, overlapPolicy: 'queue' });
  expect(await executions.find(store.db, ready.id)).toMatchObject({
    status: 'cancelled',
    reason: 'by request',
    startedAt: null,
    completedAt: expect.any(Date),
  });
  expect(await jobs.find(store.db, job.id)).toMatchObject({
    inFlight: 2,
    waiting: 2,
    lastRun: expect.any(Date),
    runCount: 0,
    checkCount: 0,
    consecutiveFailures: 0,
  });
  expect(await lease(ready)).toEqual([]);
});

test('one that waits for others: it waits no more, and the others do', async () => {
  const { job, waiting } = await setup();
  expect(await cancel(waiting[0])).toEqual({ ...PENDING, waiting: 1, running: 1, overlapPolicy: 'queue' });
  expect(await executions.find(store.db, waiting[0].id)).toMatchObject({ status: 'cancelled' });
  expect(await jobs.find(store.db, job.id)).toMatchObject({ inFlight: 2, waiting: 1 });
  expect(await waitingOf(job)).toEqual([waiting[1].id]);
});

test('one that is under way: a later attempt of its task finds it no more', async () => {
  const { job, ready, waiting } = await setup();
  await lease(ready);
  expect(await cancel(ready)).toMatchObject({ formerStatus: 'checking', waiting: 2, running: 0 });
  const { startedAt, completedAt, status } = (await executions.find(store.db, ready.id))!;
  expect(status).toBe('cancelled');
  expect(completedAt!.getTime()).toBeGreaterThanOrEqual(startedAt!.getTime());
  expect(await lease(ready, 1)).toEqual([]);
  expect(await waitingOf(job)).toEqual(waiting.map(({ id }) => id));
});

test('one that a worker takes up just then: what it was is what the worker made of it', async () => {
  const { ready } = await setup();
  let cancelled: ReturnType<typeof cancel> | undefined;
  await store.db.transaction().execute(async (trx) => {
    await leaseExecutions(trx, [{ taskId: ready.taskId, taskAttempt: 0, executionIds: [ready.id] }]);
    cancelled = cancel(ready);
    await untilBlocked(store);
  });
  expect(await cancelled).toMatchObject({ formerStatus: 'checking' });
});

test('last_run is when it was cancelled', async () => {
  const { job, ready } = await setup();
  await cancel(ready);
  const { completedAt } = (await executions.find(store.db, ready.id))!;
  const { lastRun } = (await jobs.find(store.db, job.id))!;
  expect(Math.abs(lastRun!.getTime() - completedAt!.getTime())).toBeLessThan(1_000);
});

test('whoever heard nothing finds out by asking: of some executions, those that are cancelled', async () => {
  const { ready, waiting } = await setup();
  const other = await setup();
  const ids = [ready, ...waiting].map(({ id }) => id);
  expect(await findCancelled(store.db, ids)).toEqual([]);
  for (const each of [ready, waiting[1], other.ready]) await cancel(each);
  expect((await findCancelled(store.db, ids)).toSorted()).toEqual([ready.id, waiting[1].id].toSorted());
});

test('one that is finished stays as it is, and so does its job', async () => {
  const { job, ready } = await setup();
  await cancel(ready);
  const [before, jobBefore] = [await executions.find(store.db, ready.id), await jobs.find(store.db, job.id)];
  expect(await cancel(ready)).toBeUndefined();
  expect(await executions.find(store.db, ready.id)).toEqual(before);
  expect(await jobs.find(store.db, job.id)).toEqual(jobBefore);
});

test('neither is one of another job, or one that does not exist', async () => {
  const [one, other] = [await setup(), await setup()];
  expect(await cancel({ id: one.ready.id, jobId: other.job.id })).toBeUndefined();
  expect(await cancel(claimed(one.job, at(9)))).toBeUndefined();
  expect(await executions.find(store.db, one.ready.id)).toMatchObject({ status: 'pending' });
  expect(await jobs.find(store.db, other.job.id)).toMatchObject({ inFlight: 3, waiting: 2 });
});

test('cancelling again at the same time waits for the first, and then finds it finished', async () => {
  const { job, ready } = await setup();
  const release = Promise.withResolvers<void>();
  const first = store.db.transaction().execute(async (trx) => {
    const cancelled = await cancelExecution(trx, { id: ready.id, jobId: job.id, reason: 'the first' });
    await release.promise;
    return cancelled;
  });
  await waitUntil(async () => {
    const { rows } = await sql`
      SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND state = 'idle in transaction'`.execute(store.db);
    return rows.length === 1;
  });
  const second = cancel(ready);
  await untilBlocked(store);
  release.resolve();
  expect([await first, await second]).toEqual([expect.anything(), undefined]);
  expect(await executions.find(store.db, ready.id)).toMatchObject({ reason: 'the first' });
  expect(await jobs.find(store.db, job.id)).toMatchObject({ inFlight: 2 });
});

describe('workers hear of it (NOTIFY)', () => {
  test('when the transaction commits, once, by the id of the execution; not of one that was finished', async () => {
    const { ready, waiting } = await setup();
    await cancel(ready);
    await cancel(ready);
    await cancel(waiting[1]);
    await waitUntil(() => heard.includes(waiting[1].id));
    // What other tests cancelled may be heard only now.
    const own = new Set([ready.id, ...waiting.map(({ id }) => id)]);
    expect(heard.filter((id) => own.has(id))).toEqual([ready.id, waiting[1].id]);
  });

  test('not before it commits, and not at all if it is rolled back', async () => {
    const [undone, done] = [await setup(), await setup()];
    const failed = store.db.transaction().execute(async (trx) => {
      await cancelExecution(trx, { id: undone.ready.id, jobId: undone.job.id, reason: 'by request' });
      throw new Error('broken');
    });
    await expect(failed).rejects.toThrow('broken');
    await cancel(done.ready);
    await waitUntil(() => heard.includes(done.ready.id));
    expect(heard).not.toContain(undone.ready.id);
    expect(await executions.find(store.db, undone.ready.id)).toMatchObject({ status: 'pending' });
  });
});
