import { sql } from 'kysely';

import { measureStorage } from './index.ts';
import { insertJob, insertOccurrences, openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(() => store.dispose());

const measure = () => measureStorage(store.db, 'test_queue');

test('what users define counts as definitions, what happens as history', async () => {
  const before = await measure();
  for (let n = 0; n < 50; n += 1) await insertJob(store, { payload: { text: 'x'.repeat(1_000) } });
  const defined = await measure();
  expect(defined.definitions).toBeGreaterThan(before.definitions + 50_000);
  // An event of each, and an entry of the audit log.
  expect(defined.history).toBeLessThan(before.history + 100_000);
  const job = await insertJob(store);
  const now = Date.now();
  await insertOccurrences(
    store,
    job,
    Array.from({ length: 500 }, (_, ms) => new Date(now + ms)),
  );
  const happened = await measure();
  expect(happened.history).toBeGreaterThan(defined.history + 50_000);
  const bytes = happened.partitions.reduce((sum, partition) => sum + partition.bytes, 0);
  expect(bytes).toBeLessThanOrEqual(happened.history);
  expect(bytes).toBeGreaterThan(100_000);
});

test('the tables of the queue count as its own, those of others not at all', async () => {
  await sql`CREATE SCHEMA others`.execute(store.db);
  await sql`CREATE TABLE others.rows AS SELECT repeat('x', 100) FROM generate_series(1, 1000)`.execute(
    store.db,
  );
  const before = await measure();
  expect(before.queue).toBe(0);
  await sql`CREATE SCHEMA test_queue`.execute(store.db);
  await sql`CREATE TABLE test_queue.rows AS SELECT repeat('x', 100) FROM generate_series(1, 1000)`.execute(
    store.db,
  );
  const after = await measure();
  expect(after.queue).toBeGreaterThan(100_000);
  expect({ ...after, queue: 0 }).toEqual(before);
});
