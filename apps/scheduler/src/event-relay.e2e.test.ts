import { events, eventSettings, writeEvents } from '@automation/store';
import { buildEvent, unique, waitUntil } from '@automation/testing';

import { loadSchedulerConfig, start } from './index.ts';
import { insertDueJob, openSchedulerDatabase, type SchedulerDatabase } from './scheduler-database.fixture.ts';

let database: SchedulerDatabase;

beforeAll(async () => {
  database = await openSchedulerDatabase();
});

afterAll(() => database.dispose());

const startScheduler = (env: NodeJS.ProcessEnv = {}) =>
  start(loadSchedulerConfig({ DATABASE_URL: database.url, METRICS_PORT: '0', LOG_LEVEL: 'error', ...env }));

const write = (count: number) => {
  const written = Array.from({ length: count }, () => buildEvent({ accountId: 'acc' }));
  return database.store.db.transaction().execute((trx) => writeEvents(trx, written));
};

test('two schedulers publish what is written, each event once, and no faster than they may', async () => {
  const before = await events.newestPosition(database.store.db);
  await write(60);
  const env = { MAX_EVENTS_PER_SECOND: '50' };
  const schedulers = await Promise.all([startScheduler(env), startScheduler(env)]);
  await waitUntil(async () => (await events.newestPosition(database.store.db)) === before + 60);
  await Promise.all(schedulers.map((scheduler) => scheduler.stop()));
  const { rows } = await database.store.pool.query<{ seconds: number }>(
    `SELECT extract(epoch FROM max(published_at) - min(published_at))::float8 AS seconds
     FROM automation_events WHERE position > $1`,
    [before],
  );
  // A tenth of what a second may have comes at once.
  expect(rows[0]?.seconds).toBeGreaterThan((60 - 5 - 5) / 50);
});

test('what a claim skips and ends is told of', async () => {
  const accountId = unique('acc');
  const { db } = database.store;
  await eventSettings.set(db, accountId, { executionEvents: true });
  const job = await insertDueJob(
    database.store,
    { accountId, schedule: '@every 1h', maxRuns: 1 },
    { runCount: 1, endAt: new Date(Date.now() + 60_000) },
  );
  const scheduler = await startScheduler();
  const types = ['job.created', 'execution.skipped', 'job.completed'] as const;
  const span = { accountId, types, after: 0, upTo: Number.MAX_SAFE_INTEGER, limit: 10 };
  const told = await waitUntil(async () => {
    const page = await events.list(db, span);
    return page.events.length === 3 && page.events;
  });
  await scheduler.stop();
  expect(told).toMatchObject([
    { type: 'job.created', jobId: job.id },
    {
      type: 'execution.skipped',
      jobId: job.id,
      executionId: expect.any(String),
      data: {
        status: 'skipped',
        reason: expect.stringContaining('max_runs'),
        trigger: expect.any(String),
        duration_ms: null,
      },
    },
    {
      type: 'job.completed',
      executionId: null,
      data: { status: 'completed', enabled: false, reason: expect.stringContaining('end_at') },
    },
  ]);
});

test('events that are past their time are dropped', async () => {
  await write(2);
  const first = await startScheduler();
  await waitUntil(
    async () => (await database.store.pool.query('SELECT FROM automation_outbox')).rowCount === 0,
  );
  await first.stop();
  await database.store.pool.query(
    `UPDATE automation_events SET published_at = published_at - interval '25 hours'`,
  );
  const second = await startScheduler({ EVENT_DAYS: '1' });
  await waitUntil(
    async () => (await database.store.pool.query('SELECT FROM automation_events')).rowCount === 1,
    { what: 'all but the latest event to be dropped' },
  );
  await second.stop();
});
