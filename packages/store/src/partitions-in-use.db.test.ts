import type { Job } from '@automation/domain';
import { sql } from 'kysely';
import { DatabaseError } from 'pg';

import { ensurePartitions, executions, insertExecutions, leaseExecutions } from './index.ts';
import {
  claimed,
  insertJob,
  insertOccurrences,
  openTestStore,
  type TestStore,
  untilBlocked,
} from './test-store.fixture.ts';

const DAY_MS = 86_400_000;
const LOCK_NOT_AVAILABLE = '55P03';
const noon = new Date('2026-02-12T12:00:00Z');

let store: TestStore;
let job: Job;

beforeEach(async () => {
  store = await openTestStore();
  job = await insertJob(store);
});

afterEach(() => store.dispose());

/** As often as it takes: on a loaded machine it may give up waiting for its lock. */
async function untilEnsured(now: Date): Promise<void> {
  try {
    await ensurePartitions(store.db, now);
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE)) throw error;
    await untilEnsured(now);
  }
}

/** The partitions in which executions lie. */
async function places(): Promise<string[]> {
  const { rows } = await sql<{ place: string }>`
    SELECT DISTINCT tableoid::regclass::text AS place FROM automation_executions ORDER BY 1`.execute(
    store.db,
  );
  return rows.map(({ place }) => place);
}

/** Which of those executions their tasks get. */
async function leasedOf(written: readonly { id: string; taskId: string }[]): Promise<string[]> {
  const tasks = written.map(({ id, taskId }) => ({ taskId, taskAttempt: 0, executionIds: [id] }));
  return (await leaseExecutions(store.db, tasks)).map(({ id }) => id).toSorted();
}

const idsOf = (written: readonly { id: string }[]) => written.map(({ id }) => id).toSorted();

/** Runs `work` when its statements have to wait for `ensurePartitions`, which is about to move what there is. */
async function whileMoving<T>(work: () => Promise<T>): Promise<T> {
  let ensured: Promise<void> | undefined;
  let done: Promise<T> | undefined;
  await store.db.transaction().execute(async (trx) => {
    // The default partition alone: `ensurePartitions` has the history's lock, and waits for this one.
    await sql`SELECT FROM automation_executions_default`.execute(trx);
    ensured = untilEnsured(noon);
    await untilBlocked(store);
    done = work();
    await untilBlocked(store, 2);
  });
  await ensured;
  expect(await places()).toEqual(['automation_executions_p20260212']);
  return done!;
}

describe('an occurrence that is being written while the partition of its day comes about', () => {
  test('is waited for, and lies in it', async () => {
    const occurrence = claimed(job, noon);
    let ensured: Promise<void> | undefined;
    await store.db.transaction().execute(async (trx) => {
      await insertExecutions(trx, [occurrence]);
      ensured = untilEnsured(noon);
      await untilBlocked(store);
    });
    await ensured;
    expect(await places()).toEqual(['automation_executions_p20260212']);
    expect(await leasedOf([occurrence])).toEqual([occurrence.id]);
  });

  test('leaves nothing if its transaction fails', async () => {
    let ensured: Promise<void> | undefined;
    const failing = store.db.transaction().execute(async (trx) => {
      await insertExecutions(trx, [claimed(job, noon)]);
      ensured = untilEnsured(noon);
      await untilBlocked(store);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await ensured;
    expect(await places()).toEqual([]);
  });

  test('may be followed by more in the same transaction', async () => {
    const [first, second] = [claimed(job, noon), claimed(job, new Date(noon.getTime() + DAY_MS))];
    let ensured: Promise<void> | undefined;
    await store.db.transaction().execute(async (trx) => {
      await insertExecutions(trx, [first]);
      ensured = untilEnsured(noon);
      await untilBlocked(store);
      await insertExecutions(trx, [second]);
    });
    await ensured;
    expect(await leasedOf([first, second])).toEqual(idsOf([first, second]));
  });
});

describe('while occurrences move into a new partition', () => {
  test('a lease finds them', async () => {
    const written = await insertOccurrences(store, job, [noon]);
    expect(await whileMoving(() => leasedOf(written))).toEqual(idsOf(written));
  });

  test('a reader finds them', async () => {
    const [written] = await insertOccurrences(store, job, [noon]);
    expect(await whileMoving(() => executions.find(store.db, written!.id))).toMatchObject({
      id: written!.id,
      status: 'pending',
    });
  });

  test('they are in the ledger once, whoever writes them again', async () => {
    const [written] = await insertOccurrences(store, job, [noon]);
    await whileMoving(() => insertOccurrences(store, job, [noon]));
    expect(await executions.list(store.db, { jobId: job.id, limit: 10 })).toMatchObject([
      { id: written!.id },
    ]);
  });
});

test('while partitions come about nobody who writes or leases is refused, and nothing is lost', async () => {
  const days = Array.from({ length: 16 }, (_, day) => noon.getTime() + day * DAY_MS);
  const creation = { isOver: false };
  const create = async () => {
    for (const day of days) await untilEnsured(new Date(day));
    creation.isOver = true;
  };
  /** Goes over the days in an order of its own, a claim and its leases at a time. */
  const work = async (order: readonly number[], firstMs: number) => {
    const written: string[] = [];
    for (let ms = firstMs; !creation.isOver; ms++) {
      const claim = await insertOccurrences(
        store,
        job,
        order.map((day) => new Date(day + ms)),
      );
      expect(await leasedOf(claim)).toEqual(idsOf(claim));
      written.push(...idsOf(claim));
    }
    return written;
  };
  const [, ...written] = await Promise.all([
    create(),
    work(days, 0),
    work(days.toReversed(), 100_000),
    work([...days.slice(8), ...days.slice(0, 8)], 200_000),
  ]);
  const ledger = await executions.list(store.db, { jobId: job.id, limit: 1_000_000 });
  expect(idsOf(ledger)).toEqual(written.flat().toSorted());
  expect(new Set(ledger.map(({ status }) => status))).toEqual(new Set(['checking']));
  expect(await places()).toEqual(
    days.map(
      (day) => `automation_executions_p${new Date(day).toISOString().slice(0, 10).replaceAll('-', '')}`,
    ),
  );
});
