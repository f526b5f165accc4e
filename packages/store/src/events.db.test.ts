import { selectedTypes } from '@automation/domain';
import { buildEvent, unique } from '@automation/testing';
import { sql } from 'kysely';

import { findEndpoint, insertEndpoint, publish } from './events.fixture.ts';
import { dropEventsBefore, dropEventsBeyond, events, leaseEndpoints } from './index.ts';
import { openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

beforeEach(async () => {
  await sql`TRUNCATE automation_outbox, automation_events, automation_event_endpoints`.execute(store.db);
});

afterAll(() => store.dispose());

const ALL = selectedTypes(['job.*', 'execution.*']);
const inAMoment = () => new Date(Date.now() + 60_000);
const fromTheStart = (accountId: string) => ({ accountId, deliveredPosition: 0 });
const positionsOf = (page: readonly { position: number }[]) => page.map(({ position }) => position);

test('an account reads its own events of a span, of the types that it asks for, in pages', async () => {
  const accountId = unique('acc');
  await publish(store, accountId, [{ type: 'job.created' }, { type: 'job.updated' }]);
  await publish(store, 'another', [{}]);
  await publish(store, accountId, [{ type: 'job.paused' }, { type: 'job.updated' }]);
  const list = async (span: object) => {
    const asked = { accountId, types: ALL, after: 0, upTo: 100, limit: 100, ...span };
    return positionsOf((await events.list(store.db, asked)).events);
  };
  expect(await list({})).toEqual([1, 2, 4, 5]);
  expect(await list({ after: 1, upTo: 4 })).toEqual([2, 4]);
  expect(await list({ limit: 3 })).toEqual([1, 2, 4]);
  expect(await list({ types: selectedTypes(['job.updated']) })).toEqual([2, 5]);
  expect(await list({ accountId: 'nobody' })).toEqual([]);
});

describe('events that are past their time', () => {
  test('are dropped, but for the latest one, which the next position follows', async () => {
    await publish(store, 'acc', [{}, {}, {}]);
    expect(await dropEventsBefore(store.db, new Date(Date.now() - 60_000))).toBe(0);
    expect(await dropEventsBefore(store.db, inAMoment())).toBe(2);
    expect(await dropEventsBefore(store.db, inAMoment())).toBe(0);
    expect(positionsOf(await publish(store, 'acc', [{}]))).toEqual([4]);
    const span = { accountId: 'acc', types: ALL, after: 0, upTo: 100, limit: 100 };
    expect(await events.list(store.db, span)).toMatchObject({
      oldest: 3,
      events: [{ position: 3 }, { position: 4 }],
    });
    expect(await events.list(store.db, { ...span, accountId: 'nobody' })).toEqual({ oldest: 3, events: [] });
  });

  test('so are those beyond a number', async () => {
    await publish(store, 'acc', [{}, {}, {}, {}]);
    expect(await dropEventsBeyond(store.db, 4)).toBe(0);
    expect(await dropEventsBeyond(store.db, 2)).toBe(2);
    expect(positionsOf(await events.listAll(store.db, 0, 10))).toEqual([3, 4]);
    expect(await dropEventsBeyond(store.db, 0)).toBe(1);
    expect(positionsOf(await events.listAll(store.db, 0, 10))).toEqual([4]);
  });

  test('are lost to endpoints that were to have them, and to no others', async () => {
    const behind = await insertEndpoint(store, fromTheStart('acc'));
    const furtherOn = await insertEndpoint(store, { ...fromTheStart('acc'), deliveredPosition: 3 });
    const uninterested = await insertEndpoint(store, { ...fromTheStart('acc'), types: ['execution.*'] });
    const quiet = await insertEndpoint(store, fromTheStart('quiet'));
    await publish(store, 'acc', [{}, {}, {}]);
    await publish(store, 'quiet', [{}]);
    await dropEventsBefore(store.db, inAMoment());
    for (const endpoint of [behind, furtherOn, uninterested, quiet])
      expect(await findEndpoint(store, endpoint)).toMatchObject({ deliveredPosition: 3 });
    const due = await leaseEndpoints(store.db, 10);
    expect(due.map(({ id, lostAfter }) => [id, lostAfter])).toEqual(
      expect.arrayContaining([
        [behind.id, 0],
        [quiet.id, null],
      ]),
    );
    expect(due).toHaveLength(2);
  });
});

test('the newest position is 0 before the first event', async () => {
  expect(await events.newestPosition(store.db)).toBe(0);
  const [event] = await publish(store, 'acc', [buildEvent({ accountId: 'acc' })]);
  expect(await events.newestPosition(store.db)).toBe(event?.position);
});
