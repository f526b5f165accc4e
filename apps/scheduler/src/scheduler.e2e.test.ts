import { type Job, newId } from '@automation/domain';
import { installQueues } from '@automation/queue';
import { executions, insertExecutions, jobs, migrate, openStore, type Store } from '@automation/store';
import {
  buildCreation,
  buildJob,
  createTestDatabase,
  MANY_JOBS,
  type TestDatabase,
  waitUntil,
} from '@automation/testing';

import { claimBatch } from './claim-batch.ts';
import { loadSchedulerConfig, type RunningScheduler, start } from './index.ts';
import { brokenQueue } from './scheduler-database.fixture.ts';

let database: TestDatabase;
let store: Store;
let running: RunningScheduler[] = [];

beforeAll(async () => {
  database = await createTestDatabase(migrate, installQueues);
  store = openStore({
    url: database.url,
    poolSize: 5,
    applicationName: 'test',
    onConnectionError: () => undefined,
  });
});

afterEach(async () => {
  await Promise.all(running.map((scheduler) => scheduler.stop()));
  running = [];
  await store.pool.query('TRUNCATE automation_jobs, automation_executions; DELETE FROM pgboss.job');
});

afterAll(async () => {
  await store.close();
  await database.drop();
});

/** An execution under way; a count without it would be put right by the scan. */
async function insertUnfinished(
  { id: jobId, accountId, functionId }: Job,
  scheduledFor: Date,
): Promise<void> {
  const occurrence = {
    scheduledFor,
    dueAt: scheduledFor,
    trigger: 'schedule',
    state: 'ready',
    reason: null,
  } as const;
  const execution = { ...occurrence, id: newId(scheduledFor), jobId, accountId, functionId, taskId: null };
  await store.db.transaction().execute((trx) => insertExecutions(trx, [execution]));
}

/** The poll interval is a minute, so what happens sooner was woken for. */
async function startScheduler(env: NodeJS.ProcessEnv = {}): Promise<RunningScheduler> {
  const scheduler = await start(
    loadSchedulerConfig({
      DATABASE_URL: database.url,
      METRICS_PORT: '0',
      POLL_INTERVAL_MS: '60000',
      LOG_LEVEL: 'error',
      ...env,
    }),
  );
  running.push(scheduler);
  return scheduler;
}

async function insertJobs(count: number, state: Partial<Job>, schedule = '@hourly'): Promise<Job[]> {
  const created = Array.from({ length: count }, () =>
    buildJob({ accountId: 'acc', functionId: 'fn', schedule }, state),
  );
  await store.db.transaction().execute(async (trx) => {
    for (const job of created) await jobs.insert(trx, job, buildCreation(job), MANY_JOBS);
  });
  return created;
}

const wholeSecondsFromNow = (ms: number) => new Date(Date.now() + ms);
const countExecutions = async () => {
  const { rows } = await store.pool.query<{ count: number }>('SELECT count(*) FROM automation_executions');
  return rows[0]!.count;
};

test('an occurrence becomes an execution, its check task and the next run, all at once (SPEC 3.1)', async () => {
  const due = new Date(Date.now() - 5_000);
  const [job] = await insertJobs(1, { nextRun: due });
  await startScheduler();
  const [execution] = await waitUntil(async () => {
    const found = await executions.list(store.db, { jobId: job!.id, limit: 10 });
    return found.length > 0 && found;
  });
  expect(execution).toMatchObject({
    status: 'pending',
    trigger: 'schedule',
    scheduledFor: due,
    reason: null,
  });
  const after = await jobs.find(store.db, job!.id);
  expect(after!.nextRun!.getTime()).toBeGreaterThan(Date.now());
  expect(after).toMatchObject({ inFlight: 1, status: 'active' });
  const { rows } = await store.pool.query<{ data: unknown }>(
    `SELECT data FROM pgboss.job WHERE state = 'created'`,
  );
  expect(rows).toEqual([{ data: { executionIds: [execution!.id], startAfter: expect.any(String) } }]);
});

test('the scheduler wakes when the next job is due, long before the poll interval (SPEC 3.2)', async () => {
  await insertJobs(1, { nextRun: wholeSecondsFromNow(400) });
  await startScheduler();
  const [row] = await waitUntil(async () => {
    const { rows } = await store.pool.query<{ lag: number }>(
      `SELECT extract(epoch FROM created_at - scheduled_for)::float8 AS lag FROM automation_executions`,
    );
    return rows.length > 0 && rows;
  });
  expect(row!.lag).toBeGreaterThanOrEqual(0);
});

test('a job created while the scheduler sleeps is claimed at once (SPEC 3.2)', async () => {
  await startScheduler();
  await insertJobs(1, { nextRun: wholeSecondsFromNow(50) });
  await waitUntil(async () => (await countExecutions()) === 1);
});

test('jobs of a backlog larger than a batch are all claimed in one tick', async () => {
  await insertJobs(25, { nextRun: wholeSecondsFromNow(-1_000) });
  await startScheduler({ CLAIM_BATCH_SIZE: '10' });
  await waitUntil(async () => (await countExecutions()) === 25);
});

test('two schedulers on one database never claim an occurrence twice', async () => {
  const due = await insertJobs(300, { nextRun: wholeSecondsFromNow(300) }, '@every 1h');
  await Promise.all([
    startScheduler({ CLAIM_BATCH_SIZE: '7' }),
    startScheduler({ CLAIM_BATCH_SIZE: '7' }),
    startScheduler({ CLAIM_BATCH_SIZE: '7' }),
  ]);
  await waitUntil(async () => {
    const { rows } = await store.pool.query('SELECT 1 FROM automation_jobs WHERE next_run <= now()');
    return (await countExecutions()) >= due.length && rows.length === 0;
  });
  const { rows } = await store.pool.query<{
    jobs: number;
    executions: number;
    enqueued: number;
    in_flight: number;
  }>(`
    SELECT (SELECT count(DISTINCT job_id) FROM automation_executions) AS jobs,
           (SELECT count(*) FROM automation_executions) AS executions,
           (SELECT count(*) FROM pgboss.job, jsonb_array_elements(data->'executionIds')) AS enqueued,
           (SELECT sum(in_flight) FROM automation_jobs) AS in_flight`);
  expect(rows).toEqual([{ jobs: 300, executions: 300, enqueued: 300, in_flight: 300 }]);
});

test('an occurrence that overlaps with an unfinished execution is recorded as skipped (SPEC 3.4)', async () => {
  const [job] = await insertJobs(1, { nextRun: wholeSecondsFromNow(-1_000), inFlight: 1 });
  await insertUnfinished(job!, wholeSecondsFromNow(-11_000));
  await startScheduler();
  const execution = await waitUntil(async () => {
    const found = await executions.list(store.db, { jobId: job!.id, limit: 2 });
    return found.length === 2 && found[0];
  });
  expect(execution).toMatchObject({
    status: 'skipped',
    reason: 'overlap: the previous execution has not finished',
    startedAt: null,
  });
  expect(execution.completedAt).toBeInstanceOf(Date);
  const { rows } = await store.pool.query('SELECT 1 FROM pgboss.job');
  expect(rows).toEqual([]);
});

test('what was missed counts as one execution (SPEC 3.3, latest)', async () => {
  const [job] = await insertJobs(1, { nextRun: wholeSecondsFromNow(-7_200_000) });
  await startScheduler();
  const [execution] = await waitUntil(async () => {
    const found = await executions.list(store.db, { jobId: job!.id, limit: 10 });
    return found.length > 0 && found;
  });
  expect(execution).toMatchObject({ trigger: 'catch_up', status: 'pending' });
  expect((await jobs.find(store.db, job!.id))!.nextRun!.getTime()).toBeGreaterThan(Date.now());
  expect(await countExecutions()).toBe(1);
});

test('a job whose schedule can no longer be read is paused with its reason and holds up nobody', async () => {
  const [broken] = await insertJobs(1, { nextRun: wholeSecondsFromNow(-2_000), timezone: 'Mars/Base' });
  const [sound] = await insertJobs(1, { nextRun: wholeSecondsFromNow(-1_000) });
  await startScheduler();
  await waitUntil(async () => (await jobs.find(store.db, broken!.id))?.status === 'paused');
  expect(await jobs.find(store.db, broken!.id)).toMatchObject({ enabled: false, nextRun: null });
  expect((await jobs.find(store.db, broken!.id))!.statusReason).toContain('Mars/Base');
  await waitUntil(async () => (await jobs.find(store.db, sound!.id))?.inFlight === 1);
});

test('a claim that fails half-way leaves nothing behind', async () => {
  const [job] = await insertJobs(1, { nextRun: wholeSecondsFromNow(-1_000) });
  await expect(claimBatch(store.db, brokenQueue, { batchSize: 10, timeoutMs: 2_000 })).rejects.toThrow(
    'no queue',
  );
  expect(await countExecutions()).toBe(0);
  expect(await jobs.find(store.db, job!.id)).toMatchObject({ inFlight: 0, nextRun: job!.nextRun });
});

test('a claim that failed is tried again soon, however seldom the scheduler polls', async () => {
  // A sequence keeps count of what is rolled back.
  await store.pool.query(`
    CREATE SEQUENCE refusals;
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM nextval('refusals'); RAISE 'refused'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON automation_executions FOR EACH ROW EXECUTE FUNCTION refuse()`);
  await insertJobs(1, { nextRun: new Date(Date.now() - 5_000) });
  await startScheduler();
  await waitUntil(async () => {
    const { rows } = await store.pool.query<{ isCalled: boolean }>(
      'SELECT is_called AS "isCalled" FROM refusals',
    );
    return rows[0]?.isCalled;
  });
  // To drop the trigger takes locks that the scheduler's transactions want in another order.
  await store.pool.query(
    'CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
  );
  await waitUntil(async () => (await countExecutions()) === 1);
});
