import { type Execution, type Job, newId } from '@automation/domain';
import { sql } from 'kysely';

import { executions, insertExecutions, jobs, leaseExecutions, type Transaction } from './index.ts';
import { claimed, insertJob, openTestStore, type TestStore } from './test-store.fixture.ts';

const CALLERS = 5;
const requestedAt = new Date('2026-03-04T05:06:07.890Z');

let store: TestStore;
let job: Job;

beforeAll(async () => {
  store = await openTestStore();
});

beforeEach(async () => {
  job = await insertJob(store);
});

afterAll(() => store.dispose());

async function run(trx: Transaction): Promise<Execution & { taskId: string }> {
  const { id: jobId, accountId, functionId } = job;
  const taskId = newId(requestedAt);
  const id = newId(requestedAt);
  return {
    ...(await executions.insertManual(trx, { id, jobId, accountId, functionId, requestedAt, taskId })),
    taskId,
  };
}

/** So many runs of the job that are asked for in one millisecond, by five callers at once, each in its transaction. */
async function runOften(count: number): Promise<Awaited<ReturnType<typeof run>>[]> {
  const caller = async () => {
    const runs = [];
    for (let n = 0; n < count / CALLERS; n++) {
      const one = store.db.transaction().execute(async (trx) => {
        await jobs.findForUpdate(trx, job.id);
        return run(trx);
      });
      runs.push(await one);
    }
    return runs;
  };
  return (await Promise.all(Array.from({ length: CALLERS }, caller))).flat();
}

/** The microseconds of the job's executions after the millisecond in which they were asked for, in their order. */
async function microseconds(): Promise<number[]> {
  const { rows } = await sql<{ us: number }>`
    SELECT round(extract(epoch FROM scheduled_for - ${requestedAt}::timestamptz) * 1000000)::int AS us
    FROM automation_executions WHERE job_id = ${job.id} ORDER BY scheduled_for`.execute(store.db);
  return rows.map(({ us }) => us);
}

const idsOf = (list: readonly { id: string }[]) => list.map(({ id }) => id).toSorted();

test('all of 300 runs of a job that are asked for in one millisecond are kept, each at an instant of its own', async () => {
  const runs = await runOften(300);
  const ledger = await executions.list(store.db, { jobId: job.id, limit: 1_000 });
  expect(idsOf(ledger)).toEqual(idsOf(runs));
  expect(await microseconds()).toEqual(Array.from({ length: 300 }, (_, n) => n + 1));
  expect(await jobs.find(store.db, job.id)).toEqual({ ...job, inFlight: 300 });
});

test('each of them is found by its id, and leased by its task', async () => {
  const runs = await runOften(20);
  for (const { taskId: _, ...each } of runs) expect(await executions.find(store.db, each.id)).toEqual(each);
  const leased = await leaseExecutions(
    store.db,
    runs.map(({ id, taskId }) => ({ taskId, taskAttempt: 0, executionIds: [id] })),
  );
  expect(idsOf(leased)).toEqual(idsOf(runs));
});

test('none of them takes the place of an occurrence of that millisecond or the next one', async () => {
  await runOften(20);
  const occurrences = [requestedAt, new Date(requestedAt.getTime() + 1)].map((at) => claimed(job, at));
  const written = await store.db.transaction().execute((trx) => insertExecutions(trx, occurrences));
  expect([...written].toSorted()).toEqual(idsOf(occurrences));
  expect(await microseconds()).toHaveLength(22);
});

test('a run of a transaction that fails leaves its instant to the next one, and is not in flight', async () => {
  const failing = store.db.transaction().execute(async (trx) => {
    await run(trx);
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  const kept = await store.db.transaction().execute(run);
  expect(idsOf(await executions.list(store.db, { jobId: job.id, limit: 10 }))).toEqual([kept.id]);
  expect(await microseconds()).toEqual([1]);
  expect(await jobs.find(store.db, job.id)).toEqual({ ...job, inFlight: 1 });
});

test('runs of other jobs in that millisecond are none of its business', async () => {
  await store.db.transaction().execute(run);
  job = await insertJob(store);
  await store.db.transaction().execute(run);
  expect(await microseconds()).toEqual([1]);
});
