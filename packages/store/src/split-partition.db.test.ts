import type { Job } from '@automation/domain';
import { waitUntil } from '@automation/testing';
import { sql } from 'kysely';
import { DatabaseError } from 'pg';

import {
  dropHistoryBefore,
  executions,
  leaseExecutions,
  measureStorage,
  readLedger,
  splitPartition,
} from './index.ts';
import {
  insertJob,
  insertOccurrences,
  openTestStore,
  type TestStore,
  untilBlocked,
} from './test-store.fixture.ts';

const LOCK_NOT_AVAILABLE = '55P03';
const TIMEOUT_MS = 10_000;

let store: TestStore;
let job: Job;

/** Migrated just now, so there are partitions from yesterday on. */
beforeEach(async () => {
  store = await openTestStore();
  job = await insertJob(store);
});

afterEach(() => store.dispose());

const partitions = async () => (await measureStorage(store.db, 'nowhere')).partitions;

/** The partition in which executions of now lie. */
async function current() {
  const now = new Date();
  const found = (await partitions()).find(({ from, to }) => from <= now && now < to);
  if (found === undefined) throw new Error(`no partition for ${now.toISOString()}`);
  return found;
}

const placeOf = async (id: string) => {
  const { rows } = await sql<{ place: string }>`
    SELECT tableoid::regclass::text AS place FROM automation_executions WHERE id = ${id}`.execute(store.db);
  return rows.map(({ place }) => place);
};

const insertNow = async () => (await insertOccurrences(store, job, [new Date()]))[0]!;

/** Splits the partition of now, and resolves once the new one is it. */
async function split(): Promise<{ older: string; newer: string }> {
  const older = (await current()).name;
  await untilSplit(older);
  const newer = await waitUntil(async () => {
    const { name } = await current();
    return name === older ? undefined : name;
  });
  return { older, newer };
}

/** As often as it takes: on a loaded machine it may give up waiting for its lock. */
async function untilSplit(name: string): Promise<void> {
  try {
    await splitPartition(store.db, name);
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE)) throw error;
    await untilSplit(name);
  }
}

/** Drops a partition and those before it, likewise. */
async function untilDropped(name: string): Promise<void> {
  const { to } = (await partitions()).find((each) => each.name === name)!;
  try {
    await dropHistoryBefore(store.db, to);
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE)) throw error;
    await untilDropped(name);
  }
}

test('what comes from the next second on lies in a new partition, up to the end of the day', async () => {
  const before = await current();
  const first = await insertNow();
  const { older, newer } = await split();
  const second = await insertNow();
  expect(older).toBe(before.name);
  expect(await placeOf(first.id)).toEqual([older]);
  expect(await placeOf(second.id)).toEqual([newer]);
  const [narrowed, added] = (await partitions()).filter(({ name }) => name === older || name === newer);
  expect(narrowed).toMatchObject({ from: before.from, to: added!.from });
  expect(added).toMatchObject({ to: before.to });
});

const indexesOf = async (name: string) => {
  const { rows } = await sql<{ index: string }>`
    SELECT regexp_replace(pg_get_indexdef(indexrelid), '^.* USING ', '') AS index FROM pg_index
    JOIN pg_inherits ON inhrelid = indexrelid WHERE indrelid = ${name}::regclass ORDER BY 1`.execute(
    store.db,
  );
  return rows.map(({ index }) => index);
};

test('both parts have the same indexes, all of them attached', async () => {
  const { older, newer } = await split();
  expect(await indexesOf(older)).toHaveLength(3);
  expect(await indexesOf(newer)).toEqual(await indexesOf(older));
});

test('a partition that is not the one of now, or is gone, stays as it is', async () => {
  const before = await partitions();
  await splitPartition(store.db, before[0]!.name);
  await splitPartition(store.db, before.at(-1)!.name);
  await splitPartition(store.db, 'automation_executions_p19990101');
  expect(await partitions()).toEqual(before);
});

test('several replicas split it once', async () => {
  const { name } = await current();
  const before = await partitions();
  await Promise.all(Array.from({ length: 4 }, () => splitPartition(store.db, name)));
  await waitUntil(async () => (await current()).name !== name);
  await splitPartition(store.db, name);
  expect(await partitions()).toHaveLength(before.length + 1);
});

test('an execution that lies ahead of the clock moves to the new part', async () => {
  const ahead = new Date(Date.now() + 60_000);
  const [inserted] = await insertOccurrences(store, job, [ahead]);
  const { newer } = await split();
  expect(await placeOf(inserted!.id)).toEqual([newer]);
  expect(await executions.list(store.db, { jobId: job.id, limit: 10 })).toHaveLength(1);
});

test('a lease that waits for it finds its executions', async () => {
  const { id, taskId } = await insertNow();
  const { name } = await current();
  let splitting: Promise<void> | undefined;
  let leased: ReturnType<typeof leaseExecutions> | undefined;
  await store.db.transaction().execute(async (trx) => {
    await sql`SELECT FROM automation_executions_default`.execute(trx);
    splitting = untilSplit(name);
    await untilBlocked(store);
    leased = leaseExecutions(store.db, [{ taskId, taskAttempt: 0, executionIds: [id] }]);
    await untilBlocked(store, 2);
  });
  await splitting;
  expect(await leased).toMatchObject([{ id }]);
});

test('the older part is dropped without the newer one, and the history begins with that', async () => {
  const first = await insertNow();
  await sql`UPDATE automation_executions SET status = 'succeeded', task_id = NULL, completed_at = now()`.execute(
    store.db,
  );
  const { older, newer } = await split();
  const second = await insertNow();
  const { from } = (await partitions()).find(({ name }) => name === newer)!;
  expect(await dropHistoryBefore(store.db, from)).toContain(older);
  expect(await executions.find(store.db, first.id)).toBeUndefined();
  expect(await executions.find(store.db, second.id)).toBeDefined();
  expect(await readLedger(store.db, TIMEOUT_MS, async (_trx, { historyFrom }) => historyFrom)).toEqual(from);
});

test('nothing is dropped while the ledger is read', async () => {
  await insertNow();
  const tomorrow = (await current()).to;
  await readLedger(store.db, TIMEOUT_MS, async () => {
    await expect(dropHistoryBefore(store.db, tomorrow)).rejects.toMatchObject({ code: LOCK_NOT_AVAILABLE });
  });
});

test('while parts come and go nobody who writes or leases is refused, and nothing under way is lost', async () => {
  const splitting = { isOver: false };
  const change = async () => {
    for (let n = 0; n < 3; n += 1) {
      const { older } = await split();
      await untilDropped(older);
    }
    splitting.isOver = true;
  };
  /** Claims of a job of its own, each leased at once. */
  const work = async () => {
    const own = await insertJob(store);
    const written: string[] = [];
    for (let last = 0; !splitting.isOver;) {
      last = Math.max(Date.now(), last + 1);
      const [occurrence] = await insertOccurrences(store, own, [new Date(last)]);
      const { id, taskId } = occurrence!;
      expect(await leaseExecutions(store.db, [{ taskId, taskAttempt: 0, executionIds: [id] }])).toMatchObject(
        [{ id }],
      );
      written.push(id);
    }
    const ledger = await executions.list(store.db, { jobId: own.id, limit: 1_000_000 });
    expect(ledger.map(({ id }) => id)).toEqual(written.toReversed());
  };
  await Promise.all([change(), work(), work()]);
  expect((await partitions()).filter(({ to }) => to <= new Date())).toEqual([]);
});
