import { sql } from 'kysely';

import { dropPartitionsBefore, ensurePartitions, executions } from './index.ts';
import { insertJob, insertOccurrences, openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

beforeEach(async () => {
  await sql`TRUNCATE automation_jobs, automation_executions`.execute(store.db);
  for (const name of await partitions()) await sql`DROP TABLE ${sql.table(name)}`.execute(store.db);
});

afterAll(() => store.dispose());

/** The names of the daily partitions. */
async function partitions(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT inhrelid::regclass::text AS name FROM pg_inherits
    WHERE inhparent = 'automation_executions'::regclass
      AND inhrelid <> 'automation_executions_default'::regclass
    ORDER BY 1`.execute(store.db);
  return rows.map((row) => row.name);
}

/** The partitions in which the rows of the history lie, oldest row first. */
async function placesOfRows(): Promise<string[]> {
  const { rows } = await sql<{ place: string }>`
    SELECT tableoid::regclass::text AS place FROM automation_executions ORDER BY scheduled_for`.execute(
    store.db,
  );
  return rows.map((row) => row.place);
}

async function insertAt(...instants: string[]): Promise<void> {
  const job = await insertJob(store);
  await insertOccurrences(
    store,
    job,
    instants.map((instant) => new Date(instant)),
  );
}

/** As if all executions were over. */
async function finishAll(): Promise<void> {
  await sql`
    UPDATE automation_executions SET status = 'succeeded', task_id = NULL, completed_at = now()`.execute(
    store.db,
  );
}

const ofFebruary = (...days: number[]) => days.map((day) => `automation_executions_p202602${10 + day}`);

test('there are partitions from yesterday to three days ahead, by the day in UTC', async () => {
  await ensurePartitions(store.db, new Date('2026-02-12T23:59:59.999Z'));
  expect(await partitions()).toEqual(ofFebruary(1, 2, 3, 4, 5));
});

test('they go on over the end of a month', async () => {
  await ensurePartitions(store.db, new Date('2026-02-27T12:00:00Z'));
  expect((await partitions()).map((name) => name.slice(-4))).toEqual([
    '0226',
    '0227',
    '0228',
    '0301',
    '0302',
  ]);
});

test('asking again changes nothing, and the next day adds the one that is missing', async () => {
  await ensurePartitions(store.db, new Date('2026-02-12T08:00:00Z'));
  await insertAt('2026-02-12T09:00:00Z');
  await ensurePartitions(store.db, new Date('2026-02-12T18:00:00Z'));
  expect(await partitions()).toEqual(ofFebruary(1, 2, 3, 4, 5));
  await ensurePartitions(store.db, new Date('2026-02-13T00:00:00Z'));
  expect(await partitions()).toEqual(ofFebruary(1, 2, 3, 4, 5, 6));
  expect(await placesOfRows()).toEqual(ofFebruary(2));
});

test('several replicas may ask at once', async () => {
  const now = new Date('2026-02-12T08:00:00Z');
  await Promise.all(Array.from({ length: 4 }, () => ensurePartitions(store.db, now)));
  expect(await partitions()).toEqual(ofFebruary(1, 2, 3, 4, 5));
});

test('an occurrence lies in the partition of its day, from midnight to midnight', async () => {
  await ensurePartitions(store.db, new Date('2026-02-12T08:00:00Z'));
  await insertAt('2026-02-12T00:00:00.000Z', '2026-02-12T23:59:59.999Z', '2026-02-13T00:00:00.000Z');
  expect(await placesOfRows()).toEqual(ofFebruary(2, 2, 3));
});

test('an occurrence outside of all partitions is not refused: it lies in the default partition', async () => {
  await ensurePartitions(store.db, new Date('2026-02-12T08:00:00Z'));
  await insertAt(
    '2025-12-31T00:00:00Z',
    '2026-02-10T23:59:59.999Z',
    '2026-02-15T00:00:00Z',
    '2026-02-16T00:00:00Z',
  );
  expect(await placesOfRows()).toEqual([
    'automation_executions_default',
    'automation_executions_default',
    ...ofFebruary(5),
    'automation_executions_default',
  ]);
});

test('partitions of whole days before an instant are dropped with their rows, and named', async () => {
  await ensurePartitions(store.db, new Date('2026-02-12T08:00:00Z'));
  await insertAt(
    '2026-02-11T12:00:00Z',
    '2026-02-12T12:00:00Z',
    '2026-02-13T01:00:00Z',
    '2026-02-14T12:00:00Z',
  );
  await finishAll();
  expect(await dropPartitionsBefore(store.db, new Date('2026-02-13T18:00:00Z'))).toEqual(ofFebruary(1, 2));
  expect(await partitions()).toEqual(ofFebruary(3, 4, 5));
  expect(await placesOfRows()).toEqual(ofFebruary(3, 4));
});

test('executions under way are kept when their partition is dropped, and until they are over', async () => {
  await ensurePartitions(store.db, new Date('2026-02-12T08:00:00Z'));
  const job = await insertJob(store);
  const instants = ['2026-02-11T12:00:00Z', '2026-02-12T12:00:00Z'].map((instant) => new Date(instant));
  const inserted = await insertOccurrences(store, job, instants);
  const history = await executions.list(store.db, { jobId: job.id, limit: 10 });
  const oldest = new Date('2026-02-14T00:00:00Z');
  expect(await dropPartitionsBefore(store.db, oldest)).toEqual(ofFebruary(1, 2, 3));
  expect(await executions.list(store.db, { jobId: job.id, limit: 10 })).toEqual(history);
  expect(await executions.find(store.db, inserted[0]!.id)).toMatchObject({ status: 'pending' });
  await finishAll();
  expect(await dropPartitionsBefore(store.db, oldest)).toEqual([]);
  expect(await executions.list(store.db, { jobId: job.id, limit: 10 })).toEqual([]);
});

test('yesterday is not made again once it was dropped: it would seem whole', async () => {
  const now = new Date('2026-02-12T08:00:00Z');
  await ensurePartitions(store.db, now);
  await dropPartitionsBefore(store.db, new Date('2026-02-12T00:00:00Z'));
  await ensurePartitions(store.db, now);
  expect(await partitions()).toEqual(ofFebruary(2, 3, 4, 5));
});

test('at midnight the day that begins is kept', async () => {
  await ensurePartitions(store.db, new Date('2026-02-12T08:00:00Z'));
  expect(await dropPartitionsBefore(store.db, new Date('2026-02-12T00:00:00.000Z'))).toEqual(ofFebruary(1));
});

test('nothing is dropped where nothing is old', async () => {
  await ensurePartitions(store.db, new Date('2026-02-12T08:00:00Z'));
  expect(await dropPartitionsBefore(store.db, new Date('2026-02-11T23:59:59.999Z'))).toEqual([]);
  expect(await partitions()).toEqual(ofFebruary(1, 2, 3, 4, 5));
});

test('the default partition stays, without its rows of the days before', async () => {
  await ensurePartitions(store.db, new Date('2026-02-12T08:00:00Z'));
  await insertAt(
    '2026-01-01T00:00:00Z',
    '2026-02-09T23:59:59.999Z',
    '2026-02-10T00:00:00Z',
    '2027-01-01T00:00:00Z',
  );
  await finishAll();
  expect(await dropPartitionsBefore(store.db, new Date('2026-02-10T12:00:00Z'))).toEqual([]);
  expect(await placesOfRows()).toEqual(Array(2).fill('automation_executions_default'));
});

test('a day whose occurrences are in the default partition gets a partition, and they move there', async () => {
  const job = await insertJob(store);
  const instants = [
    '2026-02-11T23:59:59.999Z',
    '2026-02-12T00:00:00Z',
    '2026-02-12T23:59:59.999Z',
    '2026-03-01T00:00:00Z',
  ];
  const inserted = await insertOccurrences(
    store,
    job,
    instants.map((instant) => new Date(instant)),
  );
  const history = await executions.list(store.db, { jobId: job.id, limit: 10 });
  await ensurePartitions(store.db, new Date('2026-02-12T08:00:00Z'));
  expect(await placesOfRows()).toEqual([...ofFebruary(1, 2, 2), 'automation_executions_default']);
  expect(await executions.list(store.db, { jobId: job.id, limit: 10 })).toEqual(history);
  expect(history.map(({ id }) => id)).toEqual(inserted.map(({ id }) => id).toReversed());
});

test('an occurrence that moved is still in the ledger once', async () => {
  const job = await insertJob(store);
  const noon = new Date('2026-02-12T12:00:00Z');
  await insertOccurrences(store, job, [noon]);
  await ensurePartitions(store.db, noon);
  await insertOccurrences(store, job, [noon]);
  expect(await placesOfRows()).toEqual(ofFebruary(2));
});

test('partitions have the same indexes however they came about', async () => {
  await insertAt('2026-02-12T12:00:00Z');
  await ensurePartitions(store.db, new Date('2026-02-12T08:00:00Z'));
  const { rows } = await sql<{ partition: string; indexes: string[] }>`
    SELECT i.indrelid::regclass::text AS partition,
           array_agg(regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', '')
                     || (SELECT CASE WHEN EXISTS (SELECT FROM pg_inherits WHERE inhrelid = i.indexrelid)
                                     THEN '' ELSE ' is not attached' END) ORDER BY 1) AS indexes
    FROM pg_index i JOIN pg_inherits p ON p.inhrelid = i.indrelid
    WHERE p.inhparent = 'automation_executions'::regclass GROUP BY 1 ORDER BY 1`.execute(store.db);
  expect(rows.map(({ partition }) => partition)).toEqual([
    'automation_executions_default',
    ...ofFebruary(1, 2, 3, 4, 5),
  ]);
  const [first, ...others] = rows.map(({ indexes }) => indexes.toSorted());
  expect(first).toEqual(
    expect.arrayContaining(['btree (id, scheduled_for)', 'btree (job_id, scheduled_for)']),
  );
  expect(first).not.toContainEqual(expect.stringContaining('is not attached'));
  for (const indexes of others) expect(indexes).toEqual(first);
});

test('several replicas may drop at once', async () => {
  await ensurePartitions(store.db, new Date('2026-02-12T08:00:00Z'));
  const oldest = new Date('2026-02-14T00:00:00Z');
  await Promise.all(Array.from({ length: 4 }, () => dropPartitionsBefore(store.db, oldest)));
  expect(await partitions()).toEqual(ofFebruary(4, 5));
});
