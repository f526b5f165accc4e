import { dropEventsBefore } from '@automation/store';
import { waitUntil } from '@automation/testing';

import { createJob, startTestApi, type Tenant, type TestApi } from '../api.fixture.ts';
import { type EventSource, openEvents } from './event-source.fixture.ts';
import { startRelay } from './relay.fixture.ts';

let api: TestApi;
let relay: ReturnType<typeof startRelay>;
let tenant: Tenant;
const open: EventSource[] = [];

beforeAll(async () => {
  api = await startTestApi();
  relay = startRelay(api.store);
});

beforeEach(async () => {
  tenant = await api.newTenant();
});

afterEach(() => {
  for (const source of open.splice(0)) source.close();
});

afterAll(async () => {
  await relay.stop();
  await api.stop();
});

/** A stream of a tenant's events. */
async function listen(options: { query?: string; lastEventId?: string; url?: string } = {}, who = tenant) {
  const { url = api.url, ...rest } = options;
  const source = await openEvents(url, { key: who.key, ...rest });
  open.push(source);
  return source;
}

const untilCount = (source: EventSource, count: number) =>
  waitUntil(() => source.messages.length >= count, { what: `${count} messages` });

const untilPublished = () =>
  waitUntil(async () => (await api.store.pool.query('SELECT FROM automation_outbox')).rowCount === 0);

const typesOf = ({ messages }: EventSource) => messages.map(({ event }) => event);
const pathOf = (job: Record<string, unknown>) => `/automation/jobs/${String(job['id'])}`;

test('a stream shows what happens to the account from now on, and nothing of others', async () => {
  await createJob(tenant);
  await untilPublished();
  const source = await listen();
  const stranger = await api.newTenant();
  const others = await listen({}, stranger);
  await createJob(stranger);
  const job = await createJob(tenant);
  await tenant.patch(pathOf(job), { description: 'changed', enabled: false });
  await untilCount(source, 3);
  await untilCount(others, 1);
  expect(typesOf(others)).toEqual(['job.created']);
  const about = { account_id: tenant.accountId, job_id: job['id'], time: expect.stringMatching(/Z$/) };
  expect(source.messages).toEqual([
    {
      id: expect.stringMatching(/^\d+$/),
      event: 'job.created',
      data: {
        ...about,
        id: source.messages[0]?.id,
        type: 'job.created',
        data: { status: 'active', enabled: true, reason: null },
      },
    },
    {
      id: expect.stringMatching(/^\d+$/),
      event: 'job.updated',
      data: expect.objectContaining({
        ...about,
        data: {
          status: 'paused',
          enabled: false,
          reason: null,
          version: 2,
          changed: expect.arrayContaining(['description', 'enabled', 'status']),
        },
      }),
    },
    { id: expect.stringMatching(/^\d+$/), event: 'job.disabled', data: expect.objectContaining(about) },
  ]);
});

test('a change that is refused is told to nobody', async () => {
  const source = await listen();
  const job = await createJob(tenant, { name: 'taken' });
  const other = await createJob(tenant);
  expect((await tenant.patch(pathOf(other), { name: 'taken' })).status).toBe(409);
  expect((await tenant.patch(pathOf(other), { schedule: 'nonsense' })).status).toBe(400);
  await tenant.delete(pathOf(job));
  await untilCount(source, 4);
  expect(typesOf(source)).toEqual(['job.created', 'job.created', 'job.updated', 'job.disabled']);
});

test('a client goes on after the last event that it has seen, by its header before its query', async () => {
  const source = await listen();
  for (let n = 0; n < 4; n += 1) await createJob(tenant);
  await untilCount(source, 4);
  const [first, second] = source.messages;
  const resumed = await listen({ query: `?after=${first?.id}`, lastEventId: String(second?.id) });
  await untilCount(resumed, 2);
  expect(resumed.messages).toEqual(source.messages.slice(2));
  const byQuery = await listen({ query: `?after=${first?.id}` });
  await untilCount(byQuery, 3);
  expect(byQuery.messages).toEqual(source.messages.slice(1));
});

test('one that has seen no event yet goes on from where it began', async () => {
  const source = await listen();
  await waitUntil(() => source.lastEventId !== '');
  source.close();
  await createJob(tenant);
  const resumed = await listen({ lastEventId: source.lastEventId });
  await untilCount(resumed, 1);
  expect(typesOf(resumed)).toEqual(['job.created']);
});

test('types say which events are shown', async () => {
  const source = await listen({ query: '?types=job.created,execution.*' });
  const job = await createJob(tenant);
  await tenant.delete(pathOf(job));
  await createJob(tenant);
  await untilCount(source, 2);
  expect(typesOf(source)).toEqual(['job.created', 'job.created']);
});

test.each<[string, string | undefined, string]>([
  [
    '?types=job.created,job.exploded',
    undefined,
    'types: "job.exploded" is none of job.*, execution.*, job.created',
  ],
  ['?types={{job}},{', undefined, 'types: "{{job}}" is none of job.*'],
  ['?after=999999', undefined, 'after 999999 is in the future: the latest event is'],
  ['?after=x', undefined, 'after must be a number'],
  ['', '999999', 'Last-Event-ID 999999 is in the future: the latest event is'],
  ['', 'x', 'Last-Event-ID must be the id of an event, got "x"'],
])('%s with Last-Event-ID %s is refused', async (query, lastEventId, message) => {
  const { status, body } = await tenant.get(
    `/automation/events${query}`,
    lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId },
  );
  expect({ status, body }).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
  expect(body['message']).toContain(message);
});

test('what is kept no longer is a gap', async () => {
  for (let n = 0; n < 3; n += 1) await createJob(tenant);
  const source = await listen({ query: '?after=0' });
  await untilCount(source, 3);
  const last = Number(source.messages.at(-1)?.id);
  await dropEventsBefore(api.store.db, new Date(Date.now() + 60_000));
  const late = await listen({ query: '?after=0' });
  await untilCount(late, 2);
  expect(late.messages).toEqual([
    {
      id: String(last - 1),
      event: 'events.gap',
      data: expect.objectContaining({ type: 'events.gap', data: { after: '0', until: String(last - 1) } }),
    },
    source.messages.at(-1),
  ]);
});

test('an account has ten streams at most, and one that is closed makes room', async () => {
  const sources = [];
  for (let n = 0; n < 10; n += 1) sources.push(await listen());
  expect(await tenant.get('/automation/events')).toMatchObject({
    status: 429,
    body: { code: 'RATE_LIMITED', message: 'the account has 10 event streams open already' },
  });
  expect((await listen({}, await api.newTenant())).status).toBe(200);
  sources[0]?.close();
  await waitUntil(async () => {
    const source = await listen();
    return source.status === 200;
  });
});

test('a stream ends when its key is revoked (SPEC 5)', async () => {
  const { body } = await api.admin.post('/accounts/admin/api-keys', { name: 'short-lived' });
  const source = await openEvents(api.url, { key: String(body['key']) });
  open.push(source);
  await api.admin.delete(`/accounts/admin/api-keys/${String(body['id'])}`);
  expect(await source.ended).toBe(true);
});

test('a replica that is stopped ends its streams at once, and their clients go on at another one (SPEC 6)', async () => {
  const replica = await api.startReplica();
  const source = await listen({ url: replica.url });
  await createJob(tenant);
  await untilCount(source, 1);
  await replica.stop();
  expect(await source.ended).toBe(true);
  await createJob(tenant);
  const resumed = await listen({ lastEventId: source.lastEventId });
  await untilCount(resumed, 1);
  expect(resumed.messages[0]?.id).not.toBe(source.messages[0]?.id);
});

test('HEAD is answered without a stream', async () => {
  const headers = { authorization: `Bearer ${tenant.key}` };
  const response = await fetch(`${api.url}/automation/events`, { method: 'HEAD', headers });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('');
});

describe('settings', () => {
  test('an account hears of executions if it says so', async () => {
    const path = '/automation/events/settings';
    expect((await tenant.get(path)).body).toEqual({ execution_events: false });
    const source = await listen({ query: '?types=execution.*' });
    const cancelOne = async () => {
      const job = await createJob(tenant);
      const run = await tenant.post(`${pathOf(job)}/run`);
      await tenant.post(`/automation/executions/${String(run.body['id'])}/cancel`);
      return run.body['id'];
    };
    await cancelOne();
    expect((await tenant.put(path, { execution_events: true })).body).toEqual({ execution_events: true });
    const id = await cancelOne();
    await untilCount(source, 1);
    expect(source.messages).toMatchObject([
      {
        event: 'execution.cancelled',
        data: { execution_id: id, data: { trigger: 'manual', duration_ms: null } },
      },
    ]);
  });

  test('it cannot say no while an endpoint is to be sent them', async () => {
    const path = '/automation/events/settings';
    const endpoint = await tenant.post('/automation/event-endpoints', {
      url: 'http://127.0.0.1:9/',
      types: ['execution.failed'],
    });
    expect((await tenant.get(path)).body).toEqual({ execution_events: true });
    expect(await tenant.put(path, { execution_events: false })).toMatchObject({
      status: 409,
      body: {
        message: `event endpoint ${String(endpoint.body['id'])} is sent events of executions: disable it or change its types`,
      },
    });
    await tenant.patch(`/automation/event-endpoints/${String(endpoint.body['id'])}`, { types: ['job.*'] });
    expect((await tenant.put(path, { execution_events: false })).status).toBe(200);
  });
});
