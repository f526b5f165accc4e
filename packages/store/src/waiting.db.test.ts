import { type Job, newId } from '@automation/domain';
import { sql } from 'kysely';

import {
  assignTasks,
  cancelWaiting,
  executions,
  insertExecutions,
  jobs,
  leaseExecutions,
  releaseWaiting,
} from './index.ts';
import {
  claimed,
  insertJob,
  insertOccurrences,
  openTestStore,
  type TestStore,
  untilBlocked,
} from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(() => store.dispose());

const at = (second: number) => new Date(Date.parse('2026-03-04T05:06:00Z') + second * 1_000);
const idsOf = (list: readonly { id: string }[]) => list.map(({ id }) => id).toSorted();

const insert = (list: Parameters<typeof insertExecutions>[1]) =>
  store.db.transaction().execute((trx) => insertExecutions(trx, list));

/** An occurrence that waits for others, and so has no task. */
const waiter = (job: Job, instant: Date) => ({
  ...claimed(job, instant, { state: 'waiting', reason: null }),
  taskId: null,
});

/** A job of an account of its own with one execution that runs, and others that wait, written youngest first. */
async function setup(waitingCount: number) {
  const job = await insertJob(
    store,
    { accountId: newId(new Date()) },
    { inFlight: 1 + waitingCount, waiting: waitingCount },
  );
  const [running] = await insertOccurrences(store, job, [at(0)]);
  const waiting = Array.from({ length: waitingCount }, (_, n) => waiter(job, at(n + 1)));
  await insert(waiting.toReversed());
  return { job, running: running!, waiting };
}

const release = (...releases: { job: Job; count: number }[]) =>
  store.db.transaction().execute((trx) =>
    releaseWaiting(
      trx,
      releases.map(({ job, count }) => ({ jobId: job.id, count })),
    ),
  );

const assign = (...assignments: { id: string; taskId: string }[]) =>
  store.db.transaction().execute((trx) => assignTasks(trx, assignments));

const cancel = (...stopped: Job[]) =>
  store.db.transaction().execute((trx) => cancelWaiting(trx, idsOf(stopped), 'the job was paused'));

const lease = ({ id, taskId }: { id: string; taskId: string }) =>
  leaseExecutions(store.db, [{ taskId, taskAttempt: 0, executionIds: [id] }]);

/** The executions of a job that wait, oldest first. */
async function waitingOf({ id }: Job): Promise<string[]> {
  const { rows } = await sql<{ executionId: string }>`
    SELECT execution_id FROM automation_waiting_executions WHERE job_id = ${id} ORDER BY scheduled_for`.execute(
    store.db,
  );
  return rows.map(({ executionId }) => executionId);
}

async function countsOf({ id }: Job) {
  const { inFlight, waiting } = (await jobs.find(store.db, id))!;
  return { inFlight, waiting };
}

describe('what is written as waiting', () => {
  test('is pending, and waits with the others of its job', async () => {
    const { job, waiting } = await setup(3);
    expect(await waitingOf(job)).toEqual(waiting.map(({ id }) => id));
    expect(await executions.find(store.db, waiting[0]!.id)).toMatchObject({
      status: 'pending',
      reason: null,
    });
  });

  test('but is in the ledger already, does not wait', async () => {
    const { job, running } = await setup(0);
    expect(await insert([waiter(job, at(0))])).toEqual(new Set());
    expect(await waitingOf(job)).toEqual([]);
    expect(await lease(running)).toMatchObject([{ id: running.id }]);
  });
});

describe('releasing', () => {
  test('lets the oldest go on, as many as are asked for, and they stay in flight', async () => {
    const { job, waiting } = await setup(3);
    const released = await release({ job, count: 2 });
    expect(idsOf(released)).toEqual(idsOf(waiting.slice(0, 2)));
    expect(released.map(({ accountId }) => accountId)).toEqual([job.accountId, job.accountId]);
    expect(await waitingOf(job)).toEqual([waiting[2]!.id]);
    expect(await countsOf(job)).toEqual({ inFlight: 4, waiting: 1 });
  });

  test('lets all go on if they are fewer, and then there are none left', async () => {
    const { job, waiting } = await setup(2);
    expect(idsOf(await release({ job, count: 100 }))).toEqual(idsOf(waiting));
    expect(await release({ job, count: 100 })).toEqual([]);
    expect(await countsOf(job)).toEqual({ inFlight: 3, waiting: 0 });
  });

  test('of several jobs keeps their counts apart, and leaves other jobs alone', async () => {
    const [one, two, other] = [await setup(3), await setup(3), await setup(3)];
    const released = await release({ job: one.job, count: 1 }, { job: two.job, count: 2 });
    expect(idsOf(released)).toEqual(idsOf([one.waiting[0]!, two.waiting[0]!, two.waiting[1]!]));
    for (const { id, accountId } of released)
      expect(accountId).toBe(id === one.waiting[0]!.id ? one.job.accountId : two.job.accountId);
    expect(await countsOf(one.job)).toEqual({ inFlight: 4, waiting: 2 });
    expect(await countsOf(two.job)).toEqual({ inFlight: 4, waiting: 1 });
    expect(await countsOf(other.job)).toEqual({ inFlight: 4, waiting: 3 });
  });

  test('of none, or of a job of which nothing waits, answers nothing', async () => {
    const [{ job }, empty] = [await setup(1), await setup(0)];
    expect(await release()).toEqual([]);
    expect(await release({ job, count: 0 }, { job: empty.job, count: 5 })).toEqual([]);
    expect(await countsOf(job)).toEqual({ inFlight: 2, waiting: 1 });
    expect(await countsOf(empty.job)).toEqual({ inFlight: 1, waiting: 0 });
  });

  test('by two who hold the job one after the other gives each its own', async () => {
    const { job, waiting } = await setup(3);
    let second: Promise<unknown[]> | undefined;
    const first = await store.db.transaction().execute(async (trx) => {
      await jobs.findForUpdate(trx, job.id);
      second = store.db.transaction().execute(async (later) => {
        await jobs.findForUpdate(later, job.id);
        return releaseWaiting(later, [{ jobId: job.id, count: 2 }]);
      });
      await untilBlocked(store);
      return releaseWaiting(trx, [{ jobId: job.id, count: 2 }]);
    });
    expect(idsOf(first)).toEqual(idsOf(waiting.slice(0, 2)));
    expect(await second).toEqual([{ id: waiting[2]!.id, accountId: job.accountId }]);
    expect(await countsOf(job)).toEqual({ inFlight: 4, waiting: 0 });
  });

  test('in a transaction that fails leaves them waiting', async () => {
    const { job, waiting } = await setup(2);
    const failing = store.db.transaction().execute(async (trx) => {
      await releaseWaiting(trx, [{ jobId: job.id, count: 2 }]);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await waitingOf(job)).toEqual(waiting.map(({ id }) => id));
    expect(await countsOf(job)).toEqual({ inFlight: 3, waiting: 2 });
  });
});

describe('the task that one is given', () => {
  test('leases it, and nobody could before', async () => {
    const { job, waiting } = await setup(2);
    const [first, second] = waiting.map(({ id }) => ({ id, taskId: newId(new Date()) }));
    expect(await lease(first!)).toEqual([]);
    await release({ job, count: 1 });
    await assign(first!);
    expect(await lease(first!)).toMatchObject([{ id: first!.id, phase: 'check', attempts: 0 }]);
    expect(await lease(second!)).toEqual([]);
  });

  test('may be of a day far apart from the others', async () => {
    const { job } = await setup(0);
    const apart = [waiter(job, new Date('2020-01-01T00:00:00Z')), waiter(job, new Date())];
    await insert(apart);
    const tasks = apart.map(({ id }) => ({ id, taskId: newId(new Date()) }));
    await assign(...tasks);
    for (const task of tasks) expect(await lease(task)).toMatchObject([{ id: task.id }]);
  });

  test('does not wake what was cancelled meanwhile', async () => {
    const { job, waiting } = await setup(1);
    await cancel(job);
    const task = { id: waiting[0]!.id, taskId: newId(new Date()) };
    await assign(task);
    const { rows } = await sql`SELECT task_id FROM automation_executions WHERE id = ${task.id}`.execute(
      store.db,
    );
    expect(rows).toEqual([{ taskId: null }]);
  });

  test('is given to nobody if nobody is named', async () => {
    await expect(assign()).resolves.toBeUndefined();
  });
});

describe('cancelling', () => {
  test('ends what waits with the reason, unstarted, and lets the running one finish (SPEC 1)', async () => {
    const { job, running, waiting } = await setup(2);
    await cancel(job);
    for (const { id } of waiting) {
      expect(await executions.find(store.db, id)).toMatchObject({
        status: 'cancelled',
        reason: 'the job was paused',
        startedAt: null,
        completedAt: expect.any(Date),
      });
    }
    expect(await waitingOf(job)).toEqual([]);
    expect(await countsOf(job)).toEqual({ inFlight: 1, waiting: 0 });
    expect(await lease(running)).toMatchObject([{ id: running.id }]);
  });

  test('is when the latest execution finished (SPEC 1, last_run), and counts as no run', async () => {
    const { job, waiting } = await setup(1);
    await cancel(job);
    const { completedAt } = (await executions.find(store.db, waiting[0]!.id))!;
    const { lastRun, ...rest } = (await jobs.find(store.db, job.id))!;
    expect(Math.abs(lastRun!.getTime() - completedAt!.getTime())).toBeLessThan(1_000);
    expect(rest).toMatchObject({ runCount: 0, checkCount: 0, consecutiveFailures: 0, status: 'active' });
  });

  test('of several jobs at once leaves others alone', async () => {
    const [one, two, other] = [await setup(1), await setup(3), await setup(2)];
    await cancel(one.job, two.job);
    expect(await countsOf(one.job)).toEqual({ inFlight: 1, waiting: 0 });
    expect(await countsOf(two.job)).toEqual({ inFlight: 1, waiting: 0 });
    expect(await countsOf(other.job)).toEqual({ inFlight: 3, waiting: 2 });
    expect(await waitingOf(other.job)).toEqual(other.waiting.map(({ id }) => id));
  });

  test('leaves what was released before, and what was cancelled before', async () => {
    const { job, waiting } = await setup(2);
    await release({ job, count: 1 });
    await cancel(job);
    const before = await executions.find(store.db, waiting[1]!.id);
    await cancel(job);
    expect(await executions.find(store.db, waiting[0]!.id)).toMatchObject({ status: 'pending' });
    expect(await executions.find(store.db, waiting[1]!.id)).toEqual(before);
    expect(await countsOf(job)).toEqual({ inFlight: 2, waiting: 0 });
  });

  test('ends them on days far apart, too', async () => {
    const job = await insertJob(store, { accountId: newId(new Date()) }, { inFlight: 2, waiting: 2 });
    const apart = [waiter(job, new Date('2020-01-01T00:00:00Z')), waiter(job, new Date())];
    await insert(apart);
    await cancel(job);
    for (const { id } of apart)
      expect(await executions.find(store.db, id)).toMatchObject({ status: 'cancelled' });
    expect(await waitingOf(job)).toEqual([]);
  });

  test('of no jobs, or where nothing waits, changes nothing', async () => {
    const { job } = await setup(0);
    const before = await jobs.find(store.db, job.id);
    await cancel();
    await cancel(job);
    expect(await jobs.find(store.db, job.id)).toEqual(before);
  });
});
