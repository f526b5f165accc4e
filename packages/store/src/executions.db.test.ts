import { type Execution, type Job, newId, settle } from '@automation/domain';
import { sql } from 'kysely';

import { executions, jobs, leaseExecutions, recordOutcomes } from './index.ts';
import { insertJob, insertOccurrences, openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(() => store.dispose());

const at = (text: string) => new Date(`2026-03-04T${text}Z`);
const find = (id: string) => executions.find(store.db, id);
const idsOf = async (filter: Parameters<typeof executions.list>[1]) =>
  (await executions.list(store.db, filter)).map((execution) => execution.id);

/** All ids of a job's history as pages of two give them. */
async function idsOfPages(jobId: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ; cursor = ids.at(-1)) {
    const page = await idsOf({ jobId, limit: 2, cursor });
    if (page.length === 0) return ids;
    ids.push(...page);
  }
}

/** Manual runs that are asked for at one instant, in one transaction; the same microseconds in each test run. */
async function insertManual(job: Job, requestedAt: Date, count = 1): Promise<Execution[]> {
  const { id: jobId, accountId, functionId } = job;
  return store.db.transaction().execute(async (trx) => {
    await sql`SELECT setseed(0.5)`.execute(trx);
    const runs = [];
    for (let n = 0; n < count; n++) {
      const id = newId(requestedAt);
      const run = { id, jobId, accountId, functionId, requestedAt, taskId: newId(requestedAt) };
      runs.push(await executions.insertManual(trx, run));
    }
    return runs;
  });
}

test('a pending execution is found by its id, whosever it is', async () => {
  const job = await insertJob(store, { accountId: 'somebody', functionId: 'function' });
  const [occurrence] = await insertOccurrences(store, job, [at('05:06:07.890')]);
  expect(await find(occurrence!.id)).toEqual({
    id: occurrence!.id,
    jobId: job.id,
    accountId: 'somebody',
    functionId: 'function',
    trigger: 'schedule',
    scheduledFor: at('05:06:07.890'),
    status: 'pending',
    reason: null,
    check: null,
    perform: null,
    createdAt: expect.any(Date),
    startedAt: null,
    completedAt: null,
  });
});

test('a finished phase is read as it was recorded, its instants as dates', async () => {
  const job = await insertJob(store, {}, { inFlight: 1 });
  const [occurrence] = await insertOccurrences(store, job, [at('06:00:00')]);
  const { id: executionId, taskId } = occurrence!;
  await leaseExecutions(store.db, [{ taskId, taskAttempt: 0, executionIds: [executionId] }]);
  const attempt = {
    executionId,
    jobId: job.id,
    phase: 'check' as const,
    number: 2,
    retryLimit: 2,
    timeoutMs: 30_000,
    payload: {},
    input: { snake_case: 1, camelCase: 2 },
    startedAt: at('06:00:01'),
    completedAt: at('06:00:02.345'),
    times: { connectMs: 0, waitMs: 1_300, bodyMs: 45 },
  };
  const settlement = settle(attempt, {
    kind: 'succeeded',
    httpStatus: 200,
    output: { shouldPerform: false, why_not: 'no' },
    logs: ['a line'],
  });
  await store.db
    .transaction()
    .execute((trx) =>
      recordOutcomes(trx, [
        { executionId, jobId: job.id, taskId, taskAttempt: 0, settlement, nextTaskId: null },
      ]),
    );
  expect(await find(executionId)).toMatchObject({
    status: 'declined',
    startedAt: expect.any(Date),
    completedAt: expect.any(Date),
    perform: null,
  });
  expect((await find(executionId))?.check).toEqual({
    id: `${executionId}:check`,
    input: { snake_case: 1, camelCase: 2 },
    output: { shouldPerform: false, why_not: 'no' },
    logs: ['a line'],
    error: '',
    status: 'succeeded',
    startedAt: at('06:00:01'),
    completedAt: at('06:00:02.345'),
    attempts: 2,
    httpStatus: 200,
    attemptLog: [
      {
        number: 2,
        status: 'succeeded',
        error: '',
        httpStatus: 200,
        startedAt: at('06:00:01'),
        completedAt: at('06:00:02.345'),
        times: { connectMs: 0, waitMs: 1_300, bodyMs: 45 },
        retryAt: null,
      },
    ],
  });
});

test.each([
  { what: 'of now', id: newId(new Date()) },
  { what: 'of the day of another execution', id: newId(at('05:06:07.890')) },
  { what: 'of the first instant that an id can carry', id: '00000000-0000-7000-8000-000000000000' },
  { what: 'of the last instant that an id can carry', id: 'ffffffff-ffff-7fff-bfff-ffffffffffff' },
])('an unknown id $what is no execution', async ({ id }) => {
  await insertOccurrences(store, await insertJob(store), [at('05:06:07.890')]);
  expect(await find(id)).toBeUndefined();
});

describe("a job's history", () => {
  test('is listed newest first by the time it was scheduled for, over the days', async () => {
    const job = await insertJob(store);
    const instants = [at('12:00:00'), new Date(), at('11:59:59.999'), at('23:00:00')];
    const [noon, now, before, late] = await insertOccurrences(store, job, instants);
    await insertOccurrences(store, await insertJob(store), instants);
    const ids = [now!.id, late!.id, noon!.id, before!.id];
    expect(await idsOf({ jobId: job.id, limit: 10 })).toEqual(ids);
    expect(await idsOf({ jobId: job.id, limit: 2 })).toEqual(ids.slice(0, 2));
    expect(await idsOfPages(job.id)).toEqual(ids);
  });

  test('is listed in pages that end before they take too much memory, however many are asked for', async () => {
    const job = await insertJob(store);
    const instants = Array.from({ length: 5 }, (_, n) => at(`1${n}:00:00`));
    const ids = (await insertOccurrences(store, job, instants)).map(({ id }) => id).toReversed();
    await sql`
      UPDATE automation_executions SET check_result = jsonb_build_object('output', repeat('x', 3000000))
      WHERE job_id = ${job.id}`.execute(store.db);
    expect(await idsOf({ jobId: job.id, limit: 100 })).toEqual(ids.slice(0, 2));
    expect(await idsOf({ jobId: job.id, limit: 100, cursor: ids[1] })).toEqual(ids.slice(2, 4));
    expect(await idsOf({ jobId: job.id, limit: 100, order: 'asc' })).toEqual(ids.toReversed().slice(0, 2));
    expect(await idsOf({ jobId: job.id, limit: 1 })).toEqual(ids.slice(0, 1));
  });

  test('is listed with all that is known of each execution', async () => {
    const job = await insertJob(store);
    const [occurrence] = await insertOccurrences(store, job, [at('12:00:00')]);
    const list = await executions.list(store.db, { jobId: job.id, limit: 10 });
    expect(list).toEqual([await find(occurrence!.id)]);
  });

  test('of an unknown job is empty', async () => {
    expect(await idsOf({ jobId: newId(new Date()), limit: 10 })).toEqual([]);
  });

  test('after a cursor that names nothing is empty', async () => {
    const job = await insertJob(store);
    await insertOccurrences(store, job, [at('12:00:00')]);
    expect(await idsOf({ jobId: job.id, limit: 10, cursor: newId(new Date()) })).toEqual([]);
  });

  test('is filtered by status, page after page', async () => {
    const job = await insertJob(store);
    const pending = await insertOccurrences(store, job, [at('01:00:00'), at('03:00:00'), at('05:00:00')]);
    const taken = await insertOccurrences(store, job, [at('02:00:00'), at('04:00:00')]);
    for (const { id, taskId } of taken)
      await leaseExecutions(store.db, [{ taskId, taskAttempt: 0, executionIds: [id] }]);
    const [first, second, third] = pending.map(({ id }) => id);
    const filter = { jobId: job.id, status: 'pending', limit: 2 } as const;
    expect(await idsOf(filter)).toEqual([third, second]);
    expect(await idsOf({ ...filter, cursor: second })).toEqual([first]);
    expect(await idsOf({ ...filter, status: 'failed' })).toEqual([]);
  });
});

describe('a manual run', () => {
  test('is in the ledger as pending, and in flight', async () => {
    const job = await insertJob(store, {}, { inFlight: 2 });
    const [run] = await insertManual(job, at('12:00:00'));
    expect(run).toMatchObject({ jobId: job.id, trigger: 'manual', status: 'pending', check: null });
    expect(run?.scheduledFor).toEqual(at('12:00:00'));
    expect(await find(run!.id)).toEqual(run);
    expect(await jobs.find(store.db, job.id)).toEqual({ ...job, inFlight: 3 });
  });

  test('does not take the place of an occurrence of its millisecond, and comes after it', async () => {
    const job = await insertJob(store);
    const [run] = await insertManual(job, at('12:00:00'));
    const [occurrence] = await insertOccurrences(store, job, [at('12:00:00')]);
    const [next] = await insertOccurrences(store, job, [at('12:00:00.001')]);
    expect(await idsOf({ jobId: job.id, limit: 10 })).toEqual([next!.id, run!.id, occurrence!.id]);
    expect(await idsOfPages(job.id)).toEqual([next!.id, run!.id, occurrence!.id]);
  });

  test('can be taken up by its task', async () => {
    const job = await insertJob(store);
    const [run] = await insertManual(job, at('12:00:00'));
    const { rows } = await sql<{ taskId: string }>`
      SELECT task_id FROM automation_executions WHERE id = ${run!.id}`.execute(store.db);
    const lease = { taskId: rows[0]!.taskId, taskAttempt: 0, executionIds: [run!.id] };
    expect(await leaseExecutions(store.db, [lease])).toMatchObject([{ id: run!.id, trigger: 'manual' }]);
  });

  test('is paged to the microsecond: those of one millisecond are neither repeated nor left out', async () => {
    const job = await insertJob(store);
    await insertManual(job, at('12:00:00'), 7);
    const { rows } = await sql<{ id: string }>`
      SELECT id FROM automation_executions WHERE job_id = ${job.id}
      ORDER BY scheduled_for DESC`.execute(store.db);
    expect(rows).toHaveLength(7);
    expect(await idsOfPages(job.id)).toEqual(rows.map(({ id }) => id));
  });
});
