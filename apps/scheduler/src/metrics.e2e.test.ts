import { installQueues } from '@automation/queue';
import { migrate, openStore, type Store } from '@automation/store';
import {
  createTestDatabase,
  type DatabaseLink,
  linkTo,
  scrape,
  type TestDatabase,
  waitUntil,
} from '@automation/testing';

import { loadSchedulerConfig, type RunningScheduler, start } from './index.ts';
import { insertDueJob } from './scheduler-database.fixture.ts';

const ignore = () => undefined;

let database: TestDatabase;
let store: Store;
let link: DatabaseLink;
let scheduler: RunningScheduler;

beforeAll(async () => {
  database = await createTestDatabase(migrate, installQueues);
  store = openStore({
    url: database.url,
    poolSize: 5,
    applicationName: 'test',
    onConnectionError: ignore,
  });
  link = await linkTo(database.url);
});

afterEach(async () => {
  link.mend();
  await scheduler.stop();
  await store.pool.query('TRUNCATE automation_jobs, automation_executions; DELETE FROM pgboss.job');
});

afterAll(async () => {
  await store.close();
  await link.close();
  await database.drop();
});

async function startScheduler(): Promise<void> {
  scheduler = await start(
    loadSchedulerConfig({ DATABASE_URL: link.url, METRICS_PORT: '0', LOG_LEVEL: 'error' }),
  );
}

const scraped = () => scrape(scheduler.metricsPort);
const valueOf = async (name: string, labels?: Record<string, string>) =>
  (await scraped()).value(name, labels);

/** The values of what is asked of the database at each scrape. */
async function backlog() {
  const { value } = await scraped();
  const tasks = (queue: string, state: string) => value('automation_queue_tasks', { queue, state });
  return {
    due: value('automation_due_jobs'),
    oldest: value('automation_oldest_due_seconds'),
    waiting: tasks('check', 'waiting'),
    delayed: tasks('check', 'delayed'),
    active: tasks('perform', 'active'),
  };
}

/** The same, once it could be read in time. */
const knownBacklog = () =>
  waitUntil(
    async () => {
      const read = await backlog();
      return read.due !== undefined && read;
    },
    { what: 'the backlog to be read' },
  );

const EMPTY = { due: 0, oldest: 0, waiting: 0, delayed: 0, active: 0 };
const UNKNOWN = {
  due: undefined,
  oldest: undefined,
  waiting: undefined,
  delayed: undefined,
  active: undefined,
};

test('overdue jobs are shown while they are not claimed, and then their claim and their tasks', async () => {
  await insertDueJob(store, {}, { nextRun: new Date(Date.now() - 60_000) });
  const holder = await store.pool.connect();
  try {
    await holder.query(`BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0;
      SELECT FROM automation_jobs FOR UPDATE`);
    await startScheduler();
    const { due, oldest, waiting } = await knownBacklog();
    expect({ due, waiting }).toEqual({ due: 1, waiting: 0 });
    expect(oldest).toBeGreaterThanOrEqual(60);
    expect(await valueOf('automation_claim_jobs_count')).toBe(0);
  } finally {
    await holder.query('COMMIT');
    holder.release();
  }
  await waitUntil(async () => (await valueOf('automation_claim_jobs_sum')) === 1);
  expect(await knownBacklog()).toEqual({ ...EMPTY, waiting: 1 });
});

test('a look that finds nothing due is a claim, too: it has its time, but no jobs', async () => {
  const before = Date.now() / 1_000;
  await startScheduler();
  const last = await waitUntil(async () => {
    const seconds = await valueOf('automation_last_claim_timestamp_seconds');
    return seconds !== undefined && seconds > before && seconds;
  });
  expect(last).toBeLessThanOrEqual(Date.now() / 1_000);
  expect(await valueOf('automation_claim_jobs_count')).toBe(0);
  expect(await valueOf('automation_claim_duration_seconds_count')).toBeGreaterThan(0);
  expect(await knownBacklog()).toEqual(EMPTY);
});

test.each(['cut', 'silence'] as const)(
  'when the database is away (%s) the scrape answers with the rest, and nothing old',
  async (fault) => {
    await startScheduler();
    await knownBacklog();
    link[fault]();
    expect(await backlog()).toEqual(UNKNOWN);
    expect(await valueOf('automation_executions_claimed_total')).toBe(0);
    link.mend();
    expect(await knownBacklog()).toEqual(EMPTY);
  },
);

test('a scrape does not wait until it is found out that the database does not answer', async () => {
  await startScheduler();
  const other = openStore({ url: link.url, poolSize: 1, applicationName: 'test', onConnectionError: ignore });
  await other.ping();
  link.silence();
  const foundOut = other.ping().catch(() => 'found out');
  expect(await Promise.race([backlog(), foundOut])).toEqual(UNKNOWN);
  await foundOut;
  await other.close();
});
