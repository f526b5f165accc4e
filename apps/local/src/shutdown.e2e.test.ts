import { setTimeout as delay } from 'node:timers/promises';

import { openStore, type Store } from '@automation/store';
import { createTestDatabase, type ReceivedCall, type TestDatabase, waitUntil } from '@automation/testing';

import type { ApiClient } from './api-client.fixture.ts';
import { migrateAll } from './migrate-all.fixture.ts';
import {
  clientOf,
  newFunction,
  newJob,
  openSystem,
  runJob,
  type ScriptedFunction,
  type TestSystem,
  warningsOf,
} from './system.fixture.ts';

const STEP_MS = 30_000;
const CLEAN = { code: 0, signal: null };

let database: TestDatabase;
let system: TestSystem;
let ledger: Store;
let api: ApiClient;

beforeAll(async () => {
  database = await createTestDatabase(migrateAll);
  system = await openSystem(database.url);
  ledger = openStore({
    url: database.url,
    poolSize: 1,
    applicationName: 'test',
    onConnectionError: () => undefined,
  });
  api = clientOf(await system.start('api'));
});

afterAll(async () => {
  await system.close();
  await ledger.close();
  await database.drop();
});

/** Answers in 50 to 500 ms. */
const newSlowFunction = () => {
  let calls = 0;
  return newFunction(system, api, async () => {
    calls += 1;
    await delay(50 + ((calls * 97) % 450));
    return { body: {} };
  });
};

/** Jobs of one occurrence each that will be due in two seconds. */
async function createJobs(fn: ScriptedFunction, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const schedule = `@at ${new Date(Date.now() + 2_000).toISOString()}`;
    const some = Math.min(10, count - ids.length);
    ids.push(...(await Promise.all(Array.from({ length: some }, () => newJob(api, fn.id, { schedule })))));
  }
  await waitUntil(async () => (await countRows(`SELECT FROM automation_jobs WHERE next_run > now()`)) === 0);
  return ids;
}

const countRows = async (query: string) => (await ledger.pool.query(query)).rowCount ?? 0;

const countExecutions = (fn: ScriptedFunction) =>
  countRows(`SELECT FROM automation_executions WHERE function_id = '${fn.id}'`);

const attemptOf = ({ headers }: ReceivedCall) =>
  `${String(headers['idempotency-key'])} ${String(headers['x-automation-attempt'])}`;

/** From now on each claim takes a moment longer than whoever watches the ledger. */
const slowClaimsDown = () =>
  ledger.pool.query(`
    CREATE FUNCTION take_a_moment() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(0.1); RETURN NEW; END $$;
    CREATE TRIGGER take_a_moment BEFORE INSERT ON automation_executions
      FOR EACH ROW EXECUTE FUNCTION take_a_moment()`);

const speedClaimsUp = () => ledger.pool.query('DROP TRIGGER take_a_moment ON automation_executions');

/** Every job was checked and performed, each once, and nothing is missing from the ledger. */
async function expectDoneOnce(fn: ScriptedFunction, jobIds: readonly string[]): Promise<void> {
  await waitUntil(
    async () =>
      (await countRows(`SELECT FROM automation_jobs WHERE function_id = '${fn.id}' AND run_count = 1`)) ===
      jobIds.length,
    { what: 'every job to be performed', timeoutMs: STEP_MS },
  );
  expect(fn.calls('check')).toHaveLength(jobIds.length);
  expect(fn.calls('perform')).toHaveLength(jobIds.length);
  expect(new Set(fn.calls().map(attemptOf)).size).toBe(2 * jobIds.length);
  expect(await countExecutions(fn)).toBe(jobIds.length);
  expect((await api.get('/automation/audit')).body).toMatchObject({ unaccounted: 0 });
}

test('a scheduler that is stopped in the middle of a backlog loses nothing of it, and claims nothing twice (SPEC 6)', async () => {
  const fn = await newFunction(system, api, () => ({ body: {} }));
  const jobIds = await createJobs(fn, 100);
  await slowClaimsDown();
  const scheduler = await system.start('scheduler', { CLAIM_BATCH_SIZE: '1' });
  await waitUntil(async () => (await countExecutions(fn)) > 0);
  scheduler.signal('SIGTERM');
  expect(await scheduler.untilExit()).toEqual(CLEAN);
  expect(warningsOf(scheduler)).toEqual([]);
  expect(await countExecutions(fn)).toBeLessThan(jobIds.length);
  await speedClaimsUp();

  const others = await Promise.all([system.start('scheduler'), system.start('worker')]);
  await expectDoneOnce(fn, jobIds);
  for (const other of others) {
    other.signal('SIGTERM');
    expect(await other.untilExit()).toEqual(CLEAN);
  }
});

test('a worker that is stopped under load finishes what is in flight and gives back the rest, which another does (SPEC 6)', async () => {
  const fn = await newSlowFunction();
  const jobIds = await createJobs(fn, 200);
  const scheduler = await system.start('scheduler');
  // What it takes at once would keep it busy for longer than it may take, and end it with another code.
  const stopped = await system.start('worker', { WORKER_CONCURRENCY: '5', SHUTDOWN_GRACE_MS: '5000' });
  await waitUntil(() => fn.calls().length >= 20, { timeoutMs: STEP_MS });
  stopped.signal('SIGTERM');
  expect(await stopped.untilExit()).toEqual(CLEAN);
  expect(warningsOf(stopped)).toEqual([]);
  expect(fn.calls().some(({ isCutOff }) => isCutOff)).toBe(false);

  const other = await system.start('worker');
  await expectDoneOnce(fn, jobIds);
  for (const app of [other, scheduler]) {
    app.signal('SIGTERM');
    expect(await app.untilExit()).toEqual(CLEAN);
  }
});

test('an api that is stopped answers the requests in flight, and takes no more (SPEC 6)', async () => {
  const answered = Promise.withResolvers<void>();
  const fn = await newFunction(system, api, async () => {
    await answered.promise;
    return { body: {} };
  });
  const stopped = await system.start('api');
  const client = clientOf(stopped);
  const inFlight = Array.from({ length: 50 }, () => client.post(`/functions/${fn.id}/test`, {}));
  await waitUntil(() => fn.calls().length === inFlight.length, { timeoutMs: STEP_MS });
  stopped.signal('SIGTERM');
  await stopped.untilLine('stopping');
  await waitUntil(() =>
    client.get('/automation/jobs').then(
      () => false,
      () => true,
    ),
  );
  answered.resolve();
  expect((await Promise.all(inFlight)).map(({ status }) => status)).toEqual(inFlight.map(() => 200));
  expect(await stopped.untilExit()).toEqual(CLEAN);
  expect(warningsOf(stopped)).toEqual([]);
});

test('a second signal ends an app at once, whatever is in flight (SPEC 6)', async () => {
  const fn = await newFunction(system, api, () => 'hang');
  const worker = await system.start('worker');
  await runJob(api, await newJob(api, fn.id));
  await waitUntil(() => fn.calls().length === 1, { timeoutMs: STEP_MS });
  worker.signal('SIGTERM');
  await worker.untilLine('stopping');
  worker.signal('SIGTERM');
  // 128 and the signal's number; within the 25 s of grace nothing else would end it.
  expect(await worker.untilExit(20_000)).toEqual({ code: 143, signal: null });
});
