import { rm } from 'node:fs/promises';

import { type AppProcess, ChaosPostgres, type DatabaseLink, linkTo, waitUntil } from '@automation/testing';

import type { ApiClient } from './api-client.fixture.ts';
import { migrateAll } from './migrate-all.fixture.ts';
import {
  clientOf,
  KEY,
  newFunction,
  newJob,
  openSystem,
  portOf,
  runJob,
  type ScriptedFunction,
  type TestSystem,
  urlOf,
  warningsOf,
} from './system.fixture.ts';

const STEP_MS = 30_000;
/** A "minute without a database", shortened. */
const LONG_OUTAGE_MS = 10_000;
/** Seconds after the database's return everything goes on (issue 4, part 5); a busy machine needs more of them. */
const RECOVERY_MS = 20_000;
/** When a session is given up at the latest, whatever it waits for. */
const STATEMENT_MS = 15_000;
/** How long a request would wait for a session that it has to open. */
const CONNECT_MS = 2_000;
/** Small, so that it is soon full. */
const POOL_SIZE = 3;
const LOCK_JOBS = `DO $$ BEGIN LOCK TABLE automation_jobs; PERFORM pg_sleep(60); END $$`;
const DOWN = 'warn: database is not available, trying until it is';
const BACK = 'database is available again';

let postgres: ChaosPostgres;
let link: DatabaseLink;
let system: TestSystem;
let apps: Record<'api' | 'scheduler' | 'worker', AppProcess>;
let api: ApiClient;
let quick: ScriptedFunction;
let hanging: ScriptedFunction;
/** How many lines each app had written before. */
let written: Map<AppProcess, number>;

const everyApp = () => Object.values(apps);

beforeAll(async () => {
  // A server of its own, that can be restarted whatever the other tests run on.
  postgres = await ChaosPostgres.create(0);
  await migrateAll(postgres.url);
  link = await linkTo(postgres.url);
  system = await openSystem(link.url);
  const settings = { DATABASE_POOL_SIZE: String(POOL_SIZE) };
  const [first, scheduler, worker] = await Promise.all([
    system.start('api', settings),
    system.start('scheduler', settings),
    system.start('worker', settings),
  ]);
  apps = { api: first, scheduler, worker };
  api = clientOf(first);
  quick = await newFunction(system, api, () => ({ body: {} }));
  hanging = await newFunction(system, api, () => 'hang');
});

beforeEach(async () => {
  const isReady = async () => (await Promise.all(everyApp().map(readyz))).every((status) => status === 200);
  await waitUntil(async () => (await isReady()) && (await ask()).status === 200, { timeoutMs: STEP_MS });
  written = new Map(everyApp().map((app) => [app, app.lines.length]));
});

afterEach(() => link.mend());

afterAll(async () => {
  await system.close();
  await link.close();
  await postgres.stop();
  await rm(postgres.directory, { recursive: true, force: true });
});

/** In time a new job is checked and performed, and a cancellation, which is heard by LISTEN alone, reaches the worker. */
async function goesOn(): Promise<void> {
  const until = Date.now() + RECOVERY_MS;
  const left = () => Math.max(1, until - Date.now());
  const attempt = <T>(what: string, request: () => Promise<T>) =>
    waitUntil(request, { what, timeoutMs: left() });
  const performed = async () => {
    const jobId = await attempt('a new job', () =>
      newJob(api, quick.id, { schedule: '@every 1s', max_runs: 1 }),
    );
    await attempt('the new job to be performed', async () => {
      const { body } = await api.get(`/automation/jobs/${jobId}`);
      return body['run_count'] === 1;
    });
  };
  const heard = async () => {
    const jobId = await attempt('a job to cancel', () =>
      newJob(api, hanging.id, { overlap_policy: 'allow' }),
    );
    // Notifications of an outage are lost for good, so each attempt cancels an execution of its own.
    await attempt('a call to be cut off', () => isCutOffByCancelling(jobId));
  };
  await Promise.all([performed(), heard()]);
}

async function isCutOffByCancelling(jobId: string): Promise<boolean> {
  const id = await runJob(api, jobId);
  const called = () => hanging.calls().find(({ headers }) => headers['x-automation-execution'] === id);
  const call = await waitUntil(called, { timeoutMs: 2_000 });
  await api.post(`/automation/executions/${id}/cancel`);
  return waitUntil(() => call.isCutOff, { timeoutMs: 500 });
}

const readyz = async (app: AppProcess) =>
  (await fetch(`http://127.0.0.1:${portOf(app, 'metrics_port')}/readyz`)).status;

/** Asks the api for something that needs the database. */
async function ask() {
  const startedAt = Date.now();
  const response = await fetch(`${urlOf(apps.api)}/automation/jobs`, {
    headers: { authorization: `Bearer ${KEY}` },
  });
  const body: unknown = await response.json();
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, retryAfter, body, ms: Date.now() - startedAt };
}

const UNAVAILABLE = { status: 503, retryAfter: '1', body: { code: 'UNAVAILABLE' } };

/** The api says that it can't: the first time as soon as it finds out, and without trying from then on. */
async function expectUnavailable(unready = everyApp()): Promise<void> {
  const first = await ask();
  expect(first).toMatchObject(UNAVAILABLE);
  expect(first.ms).toBeLessThan(STATEMENT_MS);
  const next = await Promise.all(Array.from({ length: 20 }, ask));
  for (const answer of next) expect(answer).toMatchObject(UNAVAILABLE);
  expect(Math.max(...next.map(({ ms }) => ms))).toBeLessThan(CONNECT_MS);
  expect(await Promise.all(unready.map(readyz))).toEqual(unready.map(() => 503));
}

const linesOf = (app: AppProcess) => app.lines.slice(written.get(app));
const countOf = (app: AppProcess, message: string) =>
  linesOf(app).filter(({ event }) => event['message'] === message).length;

const untilAllSaid = (message: string) =>
  waitUntil(() => everyApp().every((app) => countOf(app, message) > 0), {
    what: `every app to say: ${message}`,
    timeoutMs: STEP_MS,
  });

/** Every app has said once that the database went, and once that it is back, and nothing else that anybody ought to see. */
async function expectSaidOnce(): Promise<void> {
  await untilAllSaid(BACK);
  for (const app of everyApp()) {
    expect(warningsOf(app, written.get(app))).toEqual([DOWN]);
    expect(countOf(app, BACK)).toBe(1);
  }
  expect(await Promise.all(everyApp().map(readyz))).toEqual([200, 200, 200]);
}

test('half-open connections are given up, to the pool and to the listener, though the database is there', async () => {
  link.freeze();
  await goesOn();
  await expectSaidOnce();
});

test('a long outage: the api answers 503 at once, each app says it in one line, and all goes on by itself', async () => {
  const until = Date.now() + LONG_OUTAGE_MS;
  link.cut();
  await expectUnavailable();
  await waitUntil(() => Date.now() > until, { timeoutMs: STEP_MS });
  expect(await ask()).toMatchObject(UNAVAILABLE);
  link.mend();
  await goesOn();
  await expectSaidOnce();
});

test('a network that swallows everything and closes nothing is an outage like any other', async () => {
  link.silence();
  await expectUnavailable();
  await untilAllSaid(DOWN.replace('warn: ', ''));
  link.mend();
  await goesOn();
  await expectSaidOnce();
});

test.each([
  ['all backends killed', () => postgres.terminateBackends(() => true)],
  ['a restart of PostgreSQL, fast', () => postgres.restart('fast')],
  ['a restart of PostgreSQL, immediate', () => postgres.restart('immediate')],
])('%s: sessions are opened anew, and it is said once at most', async (_name, interrupt) => {
  await interrupt();
  await goesOn();
  for (const app of everyApp()) expect(warningsOf(app, written.get(app)).length).toBeLessThanOrEqual(1);
});

test('a pool that is full: the api refuses what it has no session for, and takes it again when there is one', async () => {
  const locked = postgres.query(LOCK_JOBS).catch(() => undefined);
  await untilRows(
    `SELECT FROM pg_locks WHERE relation = 'automation_jobs'::regclass AND mode = 'AccessExclusiveLock'`,
    1,
  );
  // Each waits for the lock with a session of its own.
  const stuck = Array.from({ length: POOL_SIZE }, ask);
  await untilRows(
    `SELECT FROM pg_stat_activity WHERE application_name LIKE 'automation-api@%' AND wait_event_type = 'Lock'`,
    POOL_SIZE,
  );
  await expectUnavailable([apps.api]);
  await postgres.query(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query = $1`, [LOCK_JOBS]);
  await goesOn();
  await locked;
  expect((await Promise.all(stuck)).map(({ status }) => status)).toEqual(stuck.map(() => 200));
  expect(warningsOf(apps.api, written.get(apps.api)).length).toBeLessThanOrEqual(1);
});

const untilRows = (query: string, count: number) =>
  waitUntil(async () => (await postgres.query(query)).length >= count, { what: query, timeoutMs: STEP_MS });
