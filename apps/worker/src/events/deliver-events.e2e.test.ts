import type { EventEndpoint, NewEvent } from '@automation/domain';
import { signatureHeaders } from '@automation/invoker';
import { dropEventsBefore, eventEndpoints, events, publishEvents, writeEvents } from '@automation/store';
import {
  type Answer,
  buildEvent,
  buildEventEndpoint,
  type ReceivedCall,
  unique,
  waitUntil,
} from '@automation/testing';

import { openTestWorkers, type TestWorkers } from '../test-workers.fixture.ts';

let workers: TestWorkers;
let accountId: string;

beforeAll(async () => {
  workers = await openTestWorkers();
});

beforeEach(() => {
  accountId = unique('acc');
});

afterEach(async () => {
  await workers.stopAll();
  await workers.store.pool.query('DELETE FROM automation_event_endpoints');
});

afterAll(() => workers.dispose());

const OK: Answer = { status: 200, body: 'taken' };
const DOWN: Answer = { status: 503 };

/** An endpoint at a path of its own, that answers so. */
async function newEndpoint(
  script: (call: ReceivedCall) => Answer,
  overrides: Partial<EventEndpoint> = {},
): Promise<{ endpoint: EventEndpoint; calls: () => ReceivedCall[] }> {
  const { store, server } = workers;
  const path = `/${unique('endpoint')}`;
  server.script(path, script);
  const deliveredPosition = await events.newestPosition(store.db);
  const at = { accountId, url: server.url(path), deliveredPosition };
  const endpoint = buildEventEndpoint({ ...at, ...overrides });
  await eventEndpoints.insert(store.db, endpoint);
  return { endpoint, calls: () => server.calls(path) };
}

/** Publishes so many events of the account, and answers their ids. */
async function tell(count: number, overrides: Partial<NewEvent> = {}): Promise<string[]> {
  const { db } = workers.store;
  const before = await events.newestPosition(db);
  const written = Array.from({ length: count }, (_, n) =>
    buildEvent({ accountId, data: { n }, ...overrides }),
  );
  await db.transaction().execute((trx) => writeEvents(trx, written));
  await publishEvents(db, { perSecond: 1_000_000, burst: count });
  const published = await events.listAll(db, before, count);
  return published.map(({ position }) => String(position));
}

const idsOf = (calls: readonly ReceivedCall[]) => calls.map(({ body }) => body['id']);

async function find({ id }: EventEndpoint): Promise<EventEndpoint> {
  const found = await eventEndpoints.find(workers.store.db, accountId, id);
  if (found === undefined) throw new Error(`no endpoint ${id}`);
  return found;
}

const untilDelivered = ({ endpoint }: { endpoint: EventEndpoint }, id: string | undefined) =>
  waitUntil(async () => {
    // What failed is tried again at once.
    await workers.store.pool.query('UPDATE automation_event_endpoints SET next_attempt_at = NULL');
    await workers.store.pool.query(`SELECT pg_notify('automation_events', '')`);
    return (await find(endpoint)).deliveredPosition >= Number(id);
  });

test('an endpoint is sent each event in order, one at a time, signed (SPEC 4, 5)', async () => {
  const one = await newEndpoint(() => OK);
  await workers.start();
  const ids = await tell(3);
  await untilDelivered(one, ids.at(-1));
  const calls = one.calls();
  expect(idsOf(calls)).toEqual(ids);
  for (const { headers, raw, body } of calls) {
    expect(body).toEqual({
      id: headers['webhook-id'],
      type: 'job.updated',
      time: expect.stringMatching(/Z$/),
      account_id: accountId,
      job_id: expect.any(String),
      data: { n: expect.any(Number) },
    });
    const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
    expect(headers).toMatchObject({
      ...signatureHeaders([one.endpoint.secret], String(body['id']), at, raw),
      'content-type': 'application/json',
      'x-automation-account': accountId,
      'x-automation-endpoint': one.endpoint.id,
      'x-automation-attempt': '1',
    });
  }
});

test('one that fails at random gets each event at least once, and none before the one that it follows was taken', async () => {
  const taken: unknown[] = [];
  let isDown = false;
  const one = await newEndpoint(({ body }) => {
    // Never twice in a row: its circuit would open if more than two thirds failed.
    isDown = !isDown && Math.random() < 0.6;
    if (isDown) return DOWN;
    taken.push(body['id']);
    return OK;
  });
  await workers.start();
  const ids = await tell(15);
  await untilDelivered(one, ids.at(-1));
  expect(taken).toEqual(ids);
  expect([...new Set(idsOf(one.calls()))]).toEqual(ids);
  expect(await find(one.endpoint)).toMatchObject({ attempts: 0, failingSince: null, lastError: null });
});

test('types say which events an endpoint is sent', async () => {
  const one = await newEndpoint(() => OK, { types: ['job.paused'] });
  await tell(2);
  const wanted = await tell(1, { type: 'job.paused' });
  const ids = await tell(1);
  await workers.start();
  await untilDelivered(one, ids.at(-1));
  expect(idsOf(one.calls())).toEqual(wanted);
});

test('what fails is shown and tried again, and holds up nobody else', async () => {
  const failing = await newEndpoint(() => DOWN);
  const hanging = await newEndpoint(() => 'hang');
  const other = await newEndpoint(() => OK);
  await workers.start({ SHUTDOWN_GRACE_MS: '100' });
  const ids = await tell(5);
  await waitUntil(async () => (await find(other.endpoint)).deliveredPosition >= Number(ids.at(-1)));
  await waitUntil(() => failing.calls().length >= 2);
  expect(await find(failing.endpoint)).toMatchObject({
    enabled: true,
    attempts: expect.any(Number),
    failingSince: expect.any(Date),
    lastError: 'HTTP 503 Service Unavailable',
    nextAttemptAt: expect.any(Date),
  });
  expect(new Set(idsOf(failing.calls()))).toEqual(new Set([ids[0]]));
  expect(new Set(idsOf(hanging.calls()))).toEqual(new Set([ids[0]]));
  expect(failing.calls()[1]?.headers['x-automation-attempt']).toBe('2');
});

test('410 disables an endpoint at once, with its reason', async () => {
  const one = await newEndpoint(() => ({ status: 410 }));
  await workers.start();
  await tell(2);
  const disabled = await waitUntil(async () => {
    const found = await find(one.endpoint);
    return !found.enabled && found;
  });
  expect(disabled.disabledReason).toBe('the endpoint answered 410 Gone');
  expect(one.calls()).toHaveLength(1);
});

test('after three days of failing an endpoint is disabled, with its reason', async () => {
  const failingSince = new Date(Date.now() - 3 * 86_400_000);
  const one = await newEndpoint(() => DOWN, { attempts: 80, failingSince, lastError: 'HTTP 503' });
  await workers.start();
  await tell(1);
  const disabled = await waitUntil(async () => {
    const found = await find(one.endpoint);
    return !found.enabled && found;
  });
  expect(disabled.disabledReason).toMatch(/^no event was taken since .*Z: HTTP 503 Service Unavailable$/);
});

test('what a worker that was cut off had under way is sent again by the next one', async () => {
  let isHanging = true;
  const one = await newEndpoint(({ body }) => (isHanging && body['id'] === ids[2] ? 'hang' : OK));
  const ids: string[] = await tell(5);
  const worker = await workers.start({ SHUTDOWN_GRACE_MS: '100' });
  await waitUntil(() => one.calls().length === 3);
  await worker.stop();
  expect(await find(one.endpoint)).toMatchObject({ deliveredPosition: Number(ids[1]), attempts: 0 });
  isHanging = false;
  await workers.start();
  await untilDelivered(one, ids.at(-1));
  expect(idsOf(one.calls())).toEqual([ids[0], ids[1], ids[2], ids[2], ids[3], ids[4]]);
});

test('several workers deliver to an endpoint one at a time', async () => {
  const one = await newEndpoint(() => OK);
  await Promise.all([workers.start(), workers.start(), workers.start()]);
  const ids: string[] = [];
  for (let n = 0; n < 10; n += 1) ids.push(...(await tell(5)));
  await untilDelivered(one, ids.at(-1));
  expect(idsOf(one.calls())).toEqual(ids);
});

test('an endpoint that lost events is told so first', async () => {
  const one = await newEndpoint(() => OK);
  const [lost, kept] = await tell(2);
  await dropEventsBefore(workers.store.db, new Date(Date.now() + 60_000));
  await workers.start();
  await untilDelivered(one, kept);
  expect(one.calls().map(({ body }) => [body['type'], body['id']])).toEqual([
    ['events.gap', lost],
    ['job.updated', kept],
  ]);
});

test('while a new secret is put in place the old one signs, too', async () => {
  const previousSecret = 'whsec_b2xkIHNlY3JldCBvZiB0aGUgZW5kcG9pbnQ=';
  const previousSecretUntil = new Date(Date.now() + 60_000);
  const one = await newEndpoint(() => OK, { previousSecret, previousSecretUntil });
  const [id] = await tell(1);
  await workers.start();
  await untilDelivered(one, id);
  expect(String(one.calls()[0]?.headers['webhook-signature']).split(' ')).toHaveLength(2);
});
