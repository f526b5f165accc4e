import { type Job, newId } from '@automation/domain';
import {
  buildAccount,
  buildCreation,
  buildFunction,
  buildJob,
  MANY_JOBS,
  waitUntil,
} from '@automation/testing';
import { sql } from 'kysely';

import { accounts, auditLog, functions, jobs, type Transaction } from './index.ts';
import { insertJob, openTestStore, type TestStore, untilBlocked } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

beforeEach(async () => {
  await sql`TRUNCATE automation_jobs`.execute(store.db);
});

afterAll(() => store.dispose());

const inTransaction = <T>(work: (trx: Transaction) => Promise<T>) => store.db.transaction().execute(work);
const secondsAhead = (seconds: number) => new Date(Date.now() + seconds * 1_000);

test('a job is read as it was stored', async () => {
  const job = await insertJob(
    store,
    {
      name: 'Täglich "früh"',
      description: 'first\nsecond',
      payload: { a_b: [1, null, { cD: 'é' }] },
      metadata: { snake_case: 'stays', camelCase: 'stays' },
      maxRuns: 5_000_000_000,
      timeoutSeconds: 12,
    },
    { lastRun: new Date('2026-01-02T03:04:05.678Z') },
  );
  expect(await jobs.find(store.db, job.id)).toEqual(job);
});

test('a job is found whosever it is, and an unknown id is no job', async () => {
  const job = await insertJob(store, { accountId: 'somebody' });
  expect(await jobs.find(store.db, job.id)).toEqual(job);
  expect(await jobs.find(store.db, newId(new Date()))).toBeUndefined();
  expect(await inTransaction((trx) => jobs.findForUpdate(trx, newId(new Date())))).toBeUndefined();
});

test('jobs are found together, whosever they are, without those that are not there', async () => {
  const [one, other] = [
    await insertJob(store, { accountId: 'one' }),
    await insertJob(store, { accountId: 'other' }),
  ];
  await insertJob(store);
  const found = await jobs.findAll(store.db, [other.id, newId(new Date()), one.id, one.id]);
  expect(found).toHaveLength(2);
  expect(found).toEqual(expect.arrayContaining([one, other]));
  expect(await jobs.findAll(store.db, [])).toEqual([]);
});

/** A job of an account and a function that are there. */
async function jobWithFunction() {
  const account = buildAccount();
  await accounts.insert(store.db, account);
  const fn = buildFunction({ accountId: account.id });
  await functions.insert(store.db, fn);
  return buildJob({ accountId: account.id, functionId: fn.id });
}

const timetablesOf = ({ id }: Job) =>
  store.db.selectFrom('automationTimetables').selectAll().where('jobId', '=', id).execute();

/** Jobs that an account may have. */
const MOST = 10;

const logOf = ({ accountId }: Job) => auditLog.list(store.db, { accountId, limit: 10 });

describe('a job that needs its function', () => {
  test('is stored with its timetable', async () => {
    const job = await jobWithFunction();
    expect(await jobs.insertWithFunction(store.db, job, buildCreation(job), MOST)).toBe(true);
    expect(await jobs.find(store.db, job.id)).toEqual(job);
    expect(await timetablesOf(job)).toMatchObject([{ afterAt: job.createdAt, schedule: job.schedule }]);
  });

  test("is not stored without it, nor with another account's", async () => {
    const [job, other] = [await jobWithFunction(), await jobWithFunction()];
    for (const functionId of ['unknown', other.functionId]) {
      const without = { ...job, functionId };
      expect(await jobs.insertWithFunction(store.db, without, buildCreation(job), MOST)).toBe(false);
    }
    expect(await jobs.find(store.db, job.id)).toBeUndefined();
    expect(await timetablesOf(job)).toEqual([]);
    expect(await logOf(job)).toEqual([]);
  });

  test('is stored with its entry in the audit log, or neither is', async () => {
    const job = await jobWithFunction();
    const entry = buildCreation(job);
    await jobs.insertWithFunction(store.db, job, entry, MOST);
    const twin = { ...job, id: newId(new Date()) };
    await expect(jobs.insertWithFunction(store.db, twin, buildCreation(twin), MOST)).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(await logOf(job)).toEqual([entry]);
  });

  test('keeps it from being deleted until it is there to be seen', async () => {
    const job = await jobWithFunction();
    let removed: Promise<unknown> | undefined;
    await inTransaction(async (trx) => {
      await jobs.insertWithFunction(trx, job, buildCreation(job), MOST);
      removed = functions.remove(store.db, job.accountId, job.functionId);
      await untilBlocked(store);
    });
    expect(await removed).toMatchObject({ id: job.functionId });
    expect(await jobs.usesFunction(store.db, job.accountId, job.functionId)).toBe(true);
  });

  test('waits for the end of its deletion, and is not stored', async () => {
    const job = await jobWithFunction();
    let inserted: Promise<boolean> | undefined;
    await inTransaction(async (trx) => {
      await functions.remove(trx, job.accountId, job.functionId);
      inserted = jobs.insertWithFunction(store.db, job, buildCreation(job), MOST);
      await untilBlocked(store);
    });
    expect(await inserted).toBe(false);
    expect(await jobs.find(store.db, job.id)).toBeUndefined();
  });
});

describe('names', () => {
  test('are unique in an account without regard to case (SPEC 1)', async () => {
    await insertJob(store, { name: 'Nightly Report' });
    await expect(insertJob(store, { name: 'nightly REPORT' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'job with name "nightly REPORT" already exists',
    });
    const list = await jobs.list(store.db, { accountId: 'acc', limit: 10 });
    expect(list.map((job) => job.name)).toEqual(['Nightly Report']);
  });

  test('of a paused job are kept for it', async () => {
    await insertJob(store, { name: 'report', enabled: false });
    await expect(insertJob(store, { name: 'report' })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('of other accounts may be the same', async () => {
    await insertJob(store, { name: 'report', accountId: 'one' });
    const second = await insertJob(store, { name: 'report', accountId: 'two' });
    expect(await jobs.list(store.db, { accountId: 'two', limit: 10 })).toEqual([second]);
  });

  test('of two simultaneous creates: the later one waits for the first one, and loses', async () => {
    let second: Promise<unknown> | undefined;
    const first = await inTransaction(async (trx) => {
      const job = buildJob({ accountId: 'acc', functionId: 'fn', name: 'Report' });
      await jobs.insert(trx, job, buildCreation(job), MANY_JOBS);
      second = insertJob(store, { name: 'report' }).catch((error: unknown) => error);
      await untilBlocked(store);
      return job;
    });
    expect(await second).toMatchObject({
      code: 'CONFLICT',
      message: 'job with name "report" already exists',
    });
    expect(await jobs.list(store.db, { accountId: 'acc', limit: 10 })).toEqual([first]);
  });

  test('of twenty simultaneous creates: one wins', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => insertJob(store, { name: n % 2 === 0 ? 'Report' : 'REPORT' })),
    );
    const refusals = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refusals).toHaveLength(19);
    for (const { reason } of refusals) expect(reason).toMatchObject({ code: 'CONFLICT' });
  });

  test('cannot be taken by an update either', async () => {
    await insertJob(store, { name: 'taken' });
    const job = await insertJob(store, { name: 'free' });
    await expect(inTransaction((trx) => jobs.update(trx, { ...job, name: 'TAKEN' }))).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'job with name "TAKEN" already exists',
    });
    expect(await jobs.find(store.db, job.id)).toEqual(job);
  });

  test('may change their case', async () => {
    const job = await insertJob(store, { name: 'report' });
    await inTransaction((trx) => jobs.update(trx, { ...job, name: 'Report' }));
    expect(await jobs.find(store.db, job.id)).toEqual({ ...job, name: 'Report' });
  });
});

test('another violation of the database is no conflict of names', async () => {
  const job = await insertJob(store);
  await expect(insertJob(store, {}, { id: job.id })).rejects.toMatchObject({
    name: 'error',
    constraint: 'automation_jobs_pkey',
  });
});

describe('an update', () => {
  test('writes the definition and leaves owner, birth and counts alone', async () => {
    const job = await insertJob(store, { name: 'before' }, { runCount: 3, checkCount: 7 });
    const changes = { name: 'after', version: 2, metadata: { a: 1 }, nextRun: secondsAhead(60) };
    await inTransaction((trx) =>
      jobs.update(trx, {
        ...job,
        ...changes,
        accountId: 'thief',
        createdAt: new Date(0),
        runCount: 0,
        checkCount: 0,
      }),
    );
    expect(await jobs.find(store.db, job.id)).toEqual({ ...job, ...changes });
  });

  test('changes no other job', async () => {
    const [job, other] = [await insertJob(store), await insertJob(store)];
    await inTransaction((trx) => jobs.update(trx, { ...job, description: 'changed' }));
    expect(await jobs.find(store.db, other.id)).toEqual(other);
  });

  test('sees what an earlier one wrote: the row is held until the transaction ends', async () => {
    const job = await insertJob(store);
    let second: Promise<string | undefined> | undefined;
    await inTransaction(async (trx) => {
      const held = await jobs.findForUpdate(trx, job.id);
      second = inTransaction(async (later) => (await jobs.findForUpdate(later, job.id))?.description);
      await untilBlocked(store);
      await jobs.update(trx, { ...held!, description: 'written first' });
    });
    expect(await second).toBe('written first');
  });
});

describe('usesFunction', () => {
  test('tells of jobs that run by themselves, of that account and function', async () => {
    await insertJob(store, { accountId: 'acc', functionId: 'used' });
    await insertJob(store, { accountId: 'acc', functionId: 'paused', enabled: false });
    const uses = (accountId: string, functionId: string) =>
      jobs.usesFunction(store.db, accountId, functionId);
    expect(await uses('acc', 'used')).toBe(true);
    expect(await uses('acc', 'paused')).toBe(false);
    expect(await uses('acc', 'unknown')).toBe(false);
    expect(await uses('other', 'used')).toBe(false);
  });
});

describe('schedulers hear', () => {
  const heard: string[] = [];

  beforeAll(() =>
    store.listener.listen(
      jobs.JOBS_CHANGED,
      (payload) => heard.push(payload),
      () => undefined,
    ),
  );
  beforeEach(() => heard.splice(0));

  /** What was announced up to now: notifications arrive in the order of their transactions. */
  async function announcements(): Promise<string[]> {
    await sql`SELECT pg_notify(${jobs.JOBS_CHANGED}, 'up to now')`.execute(store.db);
    await waitUntil(() => heard.includes('up to now'), { what: 'the notification' });
    return heard.slice(0, heard.indexOf('up to now'));
  }

  test('of a new job that is due soon', async () => {
    await insertJob(store, {}, { nextRun: secondsAhead(2) });
    expect(await announcements()).toEqual(['']);
  });

  test('of a job that is overdue', async () => {
    await insertJob(store, {}, { nextRun: secondsAhead(-2) });
    expect(await announcements()).toEqual(['']);
  });

  test('nothing of a new job that is due later, or never', async () => {
    await insertJob(store, {}, { nextRun: secondsAhead(60) });
    await insertJob(store, { enabled: false });
    expect(await announcements()).toEqual([]);
  });

  test('nothing of a job whose transaction failed', async () => {
    const failing = inTransaction(async (trx) => {
      const job = buildJob({ accountId: 'acc', functionId: 'fn' }, { nextRun: secondsAhead(1) });
      await jobs.insert(trx, job, buildCreation(job), MANY_JOBS);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await announcements()).toEqual([]);
  });

  test('of a change that makes a job due soon, and not of others', async () => {
    const job = await insertJob(store, {}, { nextRun: secondsAhead(60) });
    await inTransaction((trx) => jobs.update(trx, { ...job, description: 'changed' }));
    expect(await announcements()).toEqual([]);
    heard.splice(0);
    await inTransaction((trx) => jobs.update(trx, { ...job, nextRun: secondsAhead(1) }));
    expect(await announcements()).toEqual(['']);
  });
});
