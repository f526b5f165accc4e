import { newId } from '@automation/domain';
import { QUEUE_SCHEMA } from '@automation/queue';
import { executions, insertExecutions, measureStorage, type Storage } from '@automation/store';
import { waitUntil } from '@automation/testing';

import { enforceStorageLimit, totalBytes } from './enforce-storage-limit.ts';
import { insertDueJob, openSchedulerDatabase, type SchedulerDatabase } from './scheduler-database.fixture.ts';

const DAY_MS = 86_400_000;
const MIB = 1_048_576;

let database: SchedulerDatabase;
let jobId: string;

beforeEach(async () => {
  database = await openSchedulerDatabase();
  jobId = (await insertDueJob(database.store)).id;
});

afterEach(() => database.dispose());

/** Writes executions of an instant and the milliseconds after it; once they are over, each takes about 1 KiB. */
async function fill(from: Date, count: number): Promise<string[]> {
  const { db } = database.store;
  const written = Array.from({ length: count }, (_, ms) => {
    const scheduledFor = new Date(from.getTime() + ms);
    const fate = { state: 'ready', reason: null, trigger: 'schedule', taskId: null } as const;
    const owner = { jobId, accountId: 'acc', functionId: 'fn' };
    return { id: newId(scheduledFor), scheduledFor, dueAt: scheduledFor, ...owner, ...fate };
  });
  await db.transaction().execute((trx) => insertExecutions(trx, written));
  return written.map(({ id }) => id);
}

const finish = (ids: readonly string[]) =>
  database.store.pool.query(
    `UPDATE automation_executions SET status = 'succeeded', completed_at = now(),
            reason = repeat('x', 1000)
     WHERE id = ANY($1)`,
    [ids],
  );

async function fillFinished(from: Date, count: number): Promise<string[]> {
  const ids = await fill(from, count);
  await finish(ids);
  return ids;
}

const measure = () => measureStorage(database.store.db, QUEUE_SCHEMA);
const enforce = (maxBytes: number) => enforceStorageLimit(database.store.db, maxBytes, new Date());
const find = (id: string | undefined) => executions.find(database.store.db, id ?? '');

/** A limit that is exceeded by so many bytes; history goes from nine tenths of it on. */
const below = (storage: Storage, bytes: number) => Math.ceil((totalBytes(storage) - bytes) / 0.9);

/** Looks again and again, as the scheduler does, until something is dropped. */
const untilDropped = (maxBytes: number) =>
  waitUntil(async () => {
    const { dropped, storage } = await enforce(maxBytes);
    return dropped.length > 0 ? { dropped, storage } : undefined;
  });

test('inside of the limit nothing is dropped (SPEC 5)', async () => {
  const [yesterday] = await fillFinished(new Date(Date.now() - DAY_MS), 10);
  const { dropped } = await enforce(below(await measure(), -100_000));
  expect(dropped).toEqual([]);
  expect(await find(yesterday)).toBeDefined();
});

test('whole days go first, oldest first, and no more of them than have to', async () => {
  const [yesterday] = await fillFinished(new Date(Date.now() - DAY_MS), 500);
  const [today] = await fillFinished(new Date(), 500);
  const before = await measure();
  const { dropped, storage } = await enforce(below(before, 1));
  expect(dropped).toEqual([before.partitions[0]?.name]);
  expect(storage.history).toBeLessThan(before.history);
  expect(await find(yesterday)).toBeUndefined();
  expect(await find(today)).toBeDefined();
});

test('executions that are under way stay, whatever there is too much of', async () => {
  const yesterday = new Date(Date.now() - DAY_MS);
  const [finished] = await fillFinished(yesterday, 500);
  const [open] = await fill(new Date(yesterday.getTime() + 1_000), 1);
  await enforce(below(await measure(), 1));
  expect(await find(finished)).toBeUndefined();
  expect(await find(open)).toMatchObject({ status: 'pending' });
});

test('of a day that alone is too large the older part goes, and what is newer stays', async () => {
  const [old] = await fillFinished(new Date(Date.now() - 2_000), 2_000);
  const limit = below(await measure(), MIB);
  await enforce(limit);
  const { dropped, storage } = await untilDropped(limit);
  const [newest] = await fillFinished(new Date(), 1);
  expect(dropped.length).toBeGreaterThan(0);
  expect(totalBytes(storage)).toBeLessThan(limit);
  expect(await find(old)).toBeUndefined();
  await enforce(limit);
  expect(await find(newest)).toBeDefined();
});

test('a limit that nothing can keep leaves the newest part of the history', async () => {
  await fillFinished(new Date(Date.now() - DAY_MS), 10);
  const [today] = await fillFinished(new Date(), 10);
  const { dropped } = await enforce(1);
  expect(dropped).toHaveLength(1);
  expect(await find(today)).toBeDefined();
  expect((await enforce(1)).dropped).toEqual([]);
});

test('several replicas may look at once, and drop no more than one does', async () => {
  await fillFinished(new Date(Date.now() - DAY_MS), 100);
  const [today] = await fillFinished(new Date(), 100);
  const before = await measure();
  await Promise.all(Array.from({ length: 4 }, () => enforce(below(before, 1))));
  expect(await find(today)).toBeDefined();
  expect((await measure()).partitions).toHaveLength(before.partitions.length - 1);
});
