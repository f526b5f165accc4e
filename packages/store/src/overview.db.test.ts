import { sql } from 'kysely';

import {
  countRecent,
  ensurePartitions,
  listFailingFunctions,
  listPausedByUs,
  listReplicas,
  measureDispatchLag,
  openStore,
  readBriefly,
  type Transaction,
} from './index.ts';
import { insertJob, insertOccurrences, openTestStore, type TestStore } from './test-store.fixture.ts';

const NOW = new Date();
const MINUTE_MS = 60_000;

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
  await ensurePartitions(store.db, new Date(NOW.getTime() - 86_400_000));
});

afterEach(() => sql`TRUNCATE automation_executions, automation_jobs`.execute(store.db));

afterAll(() => store.dispose());

const read = <T>(work: (trx: Transaction) => Promise<T>) => readBriefly(store.db, 2_000, work);
const ago = (ms: number) => new Date(NOW.getTime() - ms);
const sample = { from: ago(5 * MINUTE_MS), to: NOW, limit: 100 };

interface Ended {
  ago: number;
  status: string;
  reason?: string;
  lagMs?: number;
  functionId?: string;
}

/** Executions of one job that ended so. */
async function insertEnded(...all: Ended[]): Promise<void> {
  const job = await insertJob(store, { functionId: 'fn' }, { inFlight: all.length });
  const written = await insertOccurrences(
    store,
    job,
    all.map((each) => ago(each.ago)),
  );
  for (const [n, { status, reason = null, lagMs = 0, functionId = 'fn' }] of all.entries())
    await sql`
      UPDATE automation_executions SET status = ${status}, reason = ${reason}, function_id = ${functionId},
        started_at = due_at + ${lagMs} * interval '1 ms', completed_at = now(), task_id = NULL
      WHERE id = ${written[n]?.id}`.execute(store.db);
}

test('executions are counted by status, those of the end of the span beside', async () => {
  await insertEnded(
    { ago: 6 * MINUTE_MS, status: 'succeeded' },
    { ago: 4 * MINUTE_MS, status: 'succeeded' },
    { ago: 30_000, status: 'succeeded' },
    { ago: 20_000, status: 'failed' },
  );
  const counts = await read((trx) => countRecent(trx, sample, ago(MINUTE_MS)));
  expect(counts.toSorted((a, b) => a.status.localeCompare(b.status))).toEqual([
    { status: 'failed', count: 1, late: 1, earliest: ago(20_000) },
    { status: 'succeeded', count: 2, late: 1, earliest: ago(4 * MINUTE_MS) },
  ]);
});

test('of more than the limit the newest are counted', async () => {
  await insertEnded(...[50, 40, 30, 20].map((seconds) => ({ ago: 1_000 * seconds, status: 'succeeded' })));
  const counts = await read((trx) => countRecent(trx, { ...sample, limit: 2 }, ago(MINUTE_MS)));
  expect(counts).toEqual([{ status: 'succeeded', count: 2, late: 2, earliest: ago(30_000) }]);
});

test('the lag is of those that were taken up', async () => {
  expect(await read((trx) => measureDispatchLag(trx, sample))).toBeNull();
  await insertEnded(
    ...Array.from({ length: 100 }, (_, n) => ({ ago: 1_000 * (n + 1), status: 'succeeded', lagMs: n + 1 })),
  );
  expect(await read((trx) => measureDispatchLag(trx, sample))).toEqual({ p50: 50, p99: 99 });
});

test('functions are listed by their failures, with the reason of the latest', async () => {
  await insertEnded(
    { ago: 50_000, status: 'failed', reason: 'HTTP 500', functionId: 'worst' },
    { ago: 40_000, status: 'timed_out', reason: 'timed out', functionId: 'worst' },
    { ago: 30_000, status: 'succeeded', functionId: 'worst' },
    { ago: 20_000, status: 'failed', reason: 'HTTP 404', functionId: 'bad' },
    { ago: 10_000, status: 'succeeded', functionId: 'good' },
  );
  const failing = await read((trx) => listFailingFunctions(trx, sample, 10));
  const common = { accountId: 'acc', name: null };
  expect(failing).toEqual({
    from: sample.from,
    functions: [
      { ...common, functionId: 'worst', failed: 2, finished: 3, lastReason: 'timed out' },
      { ...common, functionId: 'bad', failed: 1, finished: 1, lastReason: 'HTTP 404' },
    ],
  });
  const few = await read((trx) => listFailingFunctions(trx, { ...sample, limit: 2 }, 10));
  expect(few).toMatchObject({ from: ago(20_000), functions: [{ functionId: 'bad' }] });
  const one = await read((trx) => listFailingFunctions(trx, sample, 1));
  expect(one.functions.map(({ functionId }) => functionId)).toEqual(['worst']);
});

test('the jobs that were paused by the service are listed, not those that their owners paused', async () => {
  const paused = { enabled: false, status: 'paused', nextRun: null } as const;
  await insertJob(store, { name: 'by its owner' }, { ...paused, statusReason: null });
  await insertJob(store, { name: 'runs' });
  const jobs = [];
  for (const name of ['a', 'b', 'c'])
    jobs.push(await insertJob(store, { name }, { ...paused, statusReason: `gone ${name}` }));
  const { count, jobs: listed } = await read((trx) => listPausedByUs(trx, { limit: 2, countLimit: 10 }));
  expect(count).toBe(3);
  const newest = jobs.toSorted((one, other) => (one.id < other.id ? 1 : -1)).slice(0, 2);
  expect(listed).toEqual(
    newest.map(({ id, name }) => ({ id, accountId: 'acc', functionId: 'fn', name, reason: `gone ${name}` })),
  );
});

test('the processes are listed that are connected, each with what it has', async () => {
  expect(await read(listReplicas)).toEqual([]);
  const workers = ['host-a:1', 'host-b:1'].map((name) =>
    openStore({
      url: store.url,
      poolSize: 2,
      applicationName: `automation-worker@${name}`,
      onConnectionError: () => undefined,
    }),
  );
  await Promise.all(workers.map(({ db }) => sql`SELECT 1`.execute(db)));
  try {
    const replicas = await read(listReplicas);
    expect(replicas).toEqual(
      ['host-a:1', 'host-b:1'].map((name) => ({
        service: 'worker',
        name,
        connections: 1,
        connectedSince: expect.any(Date),
        lastActiveAt: expect.any(Date),
      })),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
  }
});
