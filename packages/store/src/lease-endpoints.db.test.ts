import { sql } from 'kysely';

import { findEndpoint, insertEndpoint, publish } from './events.fixture.ts';
import {
  disableEndpoint,
  eventEndpoints,
  failEndpoint,
  keepEndpoint,
  leaseEndpoints,
  postponeEndpoint,
  releaseEndpoint,
} from './index.ts';
import { openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

beforeEach(async () => {
  await sql`TRUNCATE automation_outbox, automation_events, automation_event_endpoints`.execute(store.db);
});

afterAll(() => store.dispose());

const lease = async (limit = 10) => leaseEndpoints(store.db, limit);
const inMs = (ms: number) => new Date(Date.now() + ms);
const idsOf = (endpoints: readonly { id: string }[]) => endpoints.map(({ id }) => id);

/** An endpoint for which there are events, leased. */
async function leaseOne() {
  const endpoint = await insertEndpoint(store, { accountId: 'acc' });
  await publish(store, 'acc', [{}, {}, {}]);
  const [leased] = await lease();
  if (leased === undefined) throw new Error('nothing was leased');
  return { endpoint, leased };
}

test('taken up is what is enabled, and has something to be sent now', async () => {
  const due = await insertEndpoint(store, { accountId: 'acc' });
  await insertEndpoint(store, { accountId: 'acc', enabled: false });
  await insertEndpoint(store, { accountId: 'acc', nextAttemptAt: new Date(Date.now() + 60_000) });
  await insertEndpoint(store, { accountId: 'another' });
  await publish(store, 'acc', [{}]);
  await insertEndpoint(store, { accountId: 'acc' });
  expect(await lease()).toMatchObject([
    { id: due.id, deliveredPosition: 0, newestPosition: 1, lostAfter: null },
  ]);
  expect(await lease()).toEqual([]);
});

test('no two take up the same, and each gets its turn', async () => {
  const endpoints = [];
  for (let n = 0; n < 5; n += 1) endpoints.push(await insertEndpoint(store, { accountId: 'acc' }));
  await publish(store, 'acc', [{}]);
  const taken = (await Promise.all([lease(2), lease(2), lease(2)])).flat();
  expect(new Set(idsOf(taken)).size).toBe(taken.length);
  const rest = await lease();
  expect(idsOf([...taken, ...rest]).toSorted()).toEqual(idsOf(endpoints).toSorted());
  // Those that were let go are last in line.
  const [first, ...others] = [...taken, ...rest];
  for (const other of others) await releaseEndpoint(store.db, { ...other, lostAfter: null }, 0);
  await releaseEndpoint(store.db, { ...first!, lostAfter: null }, 0);
  expect(idsOf(await lease(4))).not.toContain(first!.id);
});

test('what was taken is kept, and what is let go can be taken up again', async () => {
  const { endpoint, leased } = await leaseOne();
  expect(await keepEndpoint(store.db, leased, 1)).toBe(true);
  expect(await lease()).toEqual([]);
  await releaseEndpoint(store.db, leased, 2);
  expect(await findEndpoint(store, endpoint)).toMatchObject({ deliveredPosition: 2 });
  expect(await lease()).toMatchObject([{ id: endpoint.id, deliveredPosition: 2 }]);
});

test('an endpoint that was changed meanwhile, or taken up by another one, is not written to', async () => {
  const { endpoint, leased } = await leaseOne();
  await store.db.transaction().execute(async (trx) => {
    await eventEndpoints.update(trx, { ...endpoint, url: 'http://127.0.0.1:9/other' });
  });
  expect(await keepEndpoint(store.db, leased, 1)).toBe(false);
  const [again] = await lease();
  expect(again).toMatchObject({ url: 'http://127.0.0.1:9/other', deliveredPosition: 0 });
  await failEndpoint(store.db, leased, {
    kind: 'failed',
    position: 3,
    attempts: 9,
    failingSince: new Date(),
    error: 'late',
    retryInMs: 0,
  });
  expect(await findEndpoint(store, endpoint)).toMatchObject({ deliveredPosition: 0, attempts: 0 });
});

describe('what goes wrong', () => {
  const failure = { kind: 'failed', attempts: 3, failingSince: new Date(0), error: 'HTTP 500\0' } as const;

  test('is noted, and the endpoint is left alone for a while; an event that it takes ends that', async () => {
    const { endpoint, leased } = await leaseOne();
    await failEndpoint(store.db, leased, { ...failure, position: 1, retryInMs: 60_000 });
    const failing = { attempts: 3, failingSince: new Date(0), lastError: 'HTTP 500\uFFFD' };
    expect(await findEndpoint(store, endpoint)).toMatchObject({ deliveredPosition: 1, ...failing });
    expect(await lease()).toEqual([]);

    await sql`UPDATE automation_event_endpoints SET next_attempt_at = now()`.execute(store.db);
    const [again] = await lease();
    expect(again).toMatchObject({ deliveredPosition: 1, attempts: 3, failingSince: new Date(0) });
    await postponeEndpoint(store.db, again!, { position: 1, forMs: 0 });
    expect(await findEndpoint(store, endpoint)).toMatchObject(failing);
    const [last] = await lease();
    await releaseEndpoint(store.db, last!, 2);
    expect(await findEndpoint(store, endpoint)).toMatchObject({
      deliveredPosition: 2,
      attempts: 0,
      failingSince: null,
      lastError: null,
      nextAttemptAt: null,
    });
  });

  test('may disable the endpoint, with its reason', async () => {
    const { endpoint, leased } = await leaseOne();
    await disableEndpoint(store.db, leased, { position: 1, reason: 'gone' });
    expect(await findEndpoint(store, endpoint)).toMatchObject({
      enabled: false,
      disabledReason: 'gone',
      deliveredPosition: 1,
    });
    expect(await lease()).toEqual([]);
  });
});

test('a loss is kept until the endpoint has been told of it', async () => {
  const { leased } = await leaseOne();
  await sql`UPDATE automation_event_endpoints SET lost_after = 0`.execute(store.db);
  await releaseEndpoint(store.db, { ...leased, lostAfter: null }, 3);
  const [again] = await lease();
  expect(again).toMatchObject({ lostAfter: 0 });
  await releaseEndpoint(store.db, again!, 3);
  expect(await lease()).toEqual([]);
});

test('an old secret signs beside the new one until its time is over', async () => {
  const rotated = { accountId: 'acc', secret: 'whsec_bmV3', previousSecret: 'whsec_b2xk' };
  const overlapping = await insertEndpoint(store, { ...rotated, previousSecretUntil: inMs(60_000) });
  const over = await insertEndpoint(store, { ...rotated, previousSecretUntil: inMs(-60_000) });
  await publish(store, 'acc', [{}]);
  const secretsOf = new Map((await lease()).map(({ id, secrets }) => [id, secrets]));
  expect(secretsOf.get(overlapping.id)).toEqual(['whsec_bmV3', 'whsec_b2xk']);
  expect(secretsOf.get(over.id)).toEqual(['whsec_bmV3']);
});
