import { setTimeout as delay } from 'node:timers/promises';

import { buildEvent, unique, waitUntil } from '@automation/testing';
import { sql } from 'kysely';

import { unpublished, write } from './events.fixture.ts';
import { type EventRate, events, EVENTS_PUBLISHED, jobs, publishEvents, writeEvents } from './index.ts';
import { insertJob, openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

beforeEach(async () => {
  await sql`TRUNCATE automation_outbox, automation_events`.execute(store.db);
});

afterAll(() => store.dispose());

const FAST: EventRate = { perSecond: 1_000_000, burst: 7 };

const isEmpty = async () => (await unpublished(store)).length === 0;

test('positions follow each other without a gap, and readers hear of the last one', async () => {
  const heard: string[] = [];
  const onNotification = (payload: string) => heard.push(payload);
  const subscription = await store.listener.listen(EVENTS_PUBLISHED, onNotification, () => undefined);
  const accountId = unique('acc');
  await write(
    store,
    Array.from({ length: 10 }, (_, n) => buildEvent({ accountId, data: { n } })),
  );
  expect([await publishEvents(store.db, FAST), await publishEvents(store.db, FAST)]).toEqual([7, 3]);
  expect(await publishEvents(store.db, FAST)).toBe(0);
  const published = await events.listAll(store.db, 0, 100);
  expect(published.map(({ position, data }) => [position, data['n']])).toEqual(
    Array.from({ length: 10 }, (_, n) => [n + 1, n]),
  );
  await waitUntil(() => heard.length === 2);
  expect(heard).toEqual(['7', '10']);
  await subscription.close();
});

test('one replica publishes at a time', async () => {
  await write(store, [buildEvent({ accountId: 'acc' })]);
  await store.db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('automation_relay'))`.execute(trx);
    expect(await publishEvents(store.db, FAST)).toBe(0);
  });
  expect(await publishEvents(store.db, FAST)).toBe(1);
});

test('no more are published than the rate allows, by however many replicas', async () => {
  const rate = { perSecond: 100, burst: 5 };
  await write(
    store,
    Array.from({ length: 40 }, () => buildEvent({ accountId: 'acc' })),
  );
  const relay = async () => {
    while (!(await isEmpty())) await publishEvents(store.db, rate);
  };
  await Promise.all([relay(), relay()]);
  const { rows } = await sql<{ seconds: number }>`
    SELECT extract(epoch FROM published_at - min(published_at) OVER ())::float8 AS seconds
    FROM automation_events ORDER BY position`.execute(store.db);
  expect(rows).toHaveLength(40);
  for (const [index, { seconds }] of rows.entries())
    expect(index + 1 - rate.burst).toBeLessThanOrEqual(Math.ceil(seconds * rate.perSecond));
});

const versionIn = ({ data }: { data: object }): unknown => Reflect.get(data, 'version');

/** Changes a job as the api does: with its row locked, in a transaction that may be slow to commit. */
async function changeJob(jobId: string): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    const job = await jobs.findForUpdate(trx, jobId);
    if (job === undefined) throw new Error(`no job ${jobId}`);
    const version = job.version + 1;
    await jobs.update(trx, { ...job, version });
    await writeEvents(trx, [buildEvent({ accountId: job.accountId, jobId, data: { version } })]);
    await delay(Math.random() * 5);
  });
}

test('however writers, relays and a reader race, each job has its events in order, and the reader misses none (SPEC 5)', async () => {
  const made = await Promise.all(Array.from({ length: 3 }, () => insertJob(store)));
  const read: { position: number; jobId: string; data: object }[] = [];
  const pass = async () => {
    await publishEvents(store.db, FAST);
    read.push(...(await events.listAll(store.db, read.at(-1)?.position ?? 0, 100)));
  };
  const written = new AbortController();
  const reader = (async () => {
    while (!written.signal.aborted || !(await isEmpty())) await pass();
    await pass();
  })();
  const relay = (async () => {
    while (!written.signal.aborted) await publishEvents(store.db, FAST);
  })();
  const writer = async () => {
    for (let n = 0; n < 20; n += 1) await changeJob(made[Math.floor(Math.random() * made.length)]!.id);
  };
  await Promise.all(Array.from({ length: 4 }, writer));
  written.abort();
  await Promise.all([reader, relay]);

  expect(read.map(({ position }) => position)).toEqual(Array.from({ length: 83 }, (_, n) => n + 1));
  for (const { id } of made) {
    const versions = read.filter(({ jobId }) => jobId === id).map(versionIn);
    expect(versions).toEqual([undefined, ...versions.slice(1).map((_, n) => n + 2)]);
  }
});
