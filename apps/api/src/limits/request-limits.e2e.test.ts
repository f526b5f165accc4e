import { type FunctionServer, scrape, startFunctionServer, waitUntil } from '@automation/testing';
import request, { type Response } from 'supertest';

import { recordOf, startTestApi, statusesOf, type Tenant, type TestApi } from '../api.fixture.ts';

const PER_SECOND = 5;
/** Also a slow machine has them all within so few seconds that most are beyond the limit. */
const MANY = 150;
const UNDER_WAY = 3;

type Replica = Awaited<ReturnType<TestApi['startReplica']>>;

let api: TestApi;
let functions: FunctionServer;
/** Of the same database, with limits that are soon met. */
let limited: Replica;
let one: Tenant;
let other: Tenant;
const replicas: Replica[] = [];

beforeAll(async () => {
  api = await startTestApi();
  functions = await startFunctionServer();
  one = await api.newTenant();
  other = await api.newTenant();
  limited = await api.startReplica({ ACCOUNT_REQUESTS_PER_SECOND: String(PER_SECOND) });
});

afterEach(async () => {
  for (const replica of replicas.splice(0)) await replica.stop();
});

afterAll(async () => {
  await limited.stop();
  await functions.close();
  await api.stop();
});

/** A replica for the time of a test. */
async function start(settings: NodeJS.ProcessEnv): Promise<Replica> {
  const replica = await api.startReplica(settings);
  replicas.push(replica);
  return replica;
}

const read = (url: string, key: string) =>
  request(url).get('/automation/jobs').set('Authorization', `Bearer ${key}`);

const statusesIn = (answers: readonly Response[]) => new Set(answers.map(({ status }) => status));

/** Sends so many requests side by side. */
const flood = (count: number, send: () => PromiseLike<Response>) =>
  Promise.all(Array.from({ length: count }, async () => send()));

/** Floods until something is refused: what is counted when it fails may all be under way at once. Answers the refusal. */
const untilRefused = (send: () => PromiseLike<Response>) =>
  waitUntil(async () => (await flood(MANY, send)).find(({ status }) => status === 429), {
    what: 'a refusal',
  });

describe('requests of an account in a second (SPEC 5)', () => {
  test('beyond the limit are 429, and say when to try again', async () => {
    const answers = await flood(MANY, () => read(limited.url, one.key));
    expect(statusesIn(answers)).toEqual(new Set([200, 429]));
    const refused = answers.find(({ status }) => status === 429)!;
    api.document.check(refused);
    expect(refused.body).toMatchObject({
      code: 'RATE_LIMITED',
      error: 'rate limited',
      message: `more than ${PER_SECOND} requests of the account in a second, try again later`,
    });
    expect(refused.headers).toMatchObject({
      'retry-after': '1',
      'ratelimit-policy': `"account";q=${PER_SECOND};w=1`,
      ratelimit: '"account";r=0;t=1',
    });
  });

  test('are served again once it is over', async () => {
    await flood(MANY, () => read(limited.url, one.key));
    await waitUntil(async () => (await read(limited.url, one.key)).status === 200);
  });

  test('tell what is left on every answer, by the IETF draft', async () => {
    const { headers } = await read(limited.url, other.key).expect(200);
    expect(headers['ratelimit-policy']).toBe(`"account";q=${PER_SECOND};w=1`);
    const [, left] = /^"account";r=(\d+);t=1$/.exec(String(headers['ratelimit'])) ?? [];
    expect(Number(left)).toBeLessThan(PER_SECOND);
  });

  test("take nothing from another account, also not of the service's", async () => {
    const replica = await start({ ACCOUNT_REQUESTS_PER_SECOND: '5', MAX_REQUESTS_PER_SECOND: '50' });
    const flooding = flood(MANY, () => read(replica.url, one.key));
    const served: number[] = [];
    for (let n = 0; n < 3; n += 1) served.push((await read(replica.url, other.key)).status);
    expect(served).toEqual([200, 200, 200]);
    expect(statusesIn(await flooding)).toEqual(new Set([200, 429]));
  });

  test('that are refused change nothing', async () => {
    const send = () =>
      request(limited.url)
        .post('/functions')
        .set('Authorization', `Bearer ${one.key}`)
        .send({ name: 'flood', url: functions.url('/flood') });
    const answers = await flood(MANY, send);
    const made = answers.filter(({ status }) => status === 201).length;
    expect(made).toBeLessThan(answers.length);
    const { items } = await one.get('/functions?limit=1000');
    expect(items.filter(({ name }) => name === 'flood')).toHaveLength(made);
  });
});

test('requests of all accounts together in a second are limited as well', async () => {
  const replica = await start({ MAX_REQUESTS_PER_SECOND: '5' });
  const answers = await flood(MANY, () => read(replica.url, one.key));
  expect(statusesIn(answers)).toEqual(new Set([200, 429]));
  const refused = answers.find(({ status }) => status === 429)!;
  expect(refused.headers).toMatchObject({
    'retry-after': '1',
    'ratelimit-policy': '"service";q=5;w=1',
    ratelimit: '"service";r=0;t=1',
  });
});

/** So many test calls of a function that answers when it is told to. */
async function hold(url: string, tenant: Tenant, count: number) {
  const path = `/held-${tenant.accountId}-${count}`;
  const letGo = Promise.withResolvers<{ body: object }>();
  functions.script(path, () => letGo.promise);
  const fn = await tenant.post('/functions', { name: 'held', url: functions.url(path) });
  const answers = flood(count, () =>
    request(url)
      .post(`/functions/${String(fn.body['id'])}/test`)
      .set('Authorization', `Bearer ${tenant.key}`),
  );
  await waitUntil(() => functions.calls(path).length === count);
  return { answers, end: () => letGo.resolve({ body: {} }) };
}

describe('requests under way at the same time (SPEC 5)', () => {
  test('of an account are limited, and those of another one served', async () => {
    const replica = await start({ ACCOUNT_CONCURRENT_REQUESTS: String(UNDER_WAY) });
    const held = await hold(replica.url, one, UNDER_WAY);
    const refused = await read(replica.url, one.key).expect(429);
    api.document.check(refused);
    expect(refused.body).toMatchObject({
      code: 'RATE_LIMITED',
      message: `more than ${UNDER_WAY} requests of the account at the same time, try again later`,
    });
    expect(refused.headers).toMatchObject({ 'retry-after': '1' });
    await read(replica.url, other.key).expect(200);
    held.end();
    expect(statusesIn(await held.answers)).toEqual(new Set([200]));
    await read(replica.url, one.key).expect(200);
  });

  test('in all are limited by 503, but for the probes', async () => {
    const replica = await start({ MAX_CONCURRENT_REQUESTS: String(UNDER_WAY) });
    const held = await hold(replica.url, one, UNDER_WAY);
    const refused = await read(replica.url, other.key).expect(503);
    api.document.check(refused);
    expect(refused.body).toMatchObject({
      code: 'UNAVAILABLE',
      message: `more than ${UNDER_WAY} requests at the same time, try again`,
    });
    expect(refused.headers).toMatchObject({ 'retry-after': '1' });
    await request(replica.url).get('/healthz').expect(200);
    await request(replica.url).get('/readyz').expect(200);
    held.end();
    await held.answers;
    await read(replica.url, other.key).expect(200);
  });
});

const guess = (url: string) => read(url, 'ak_no_such_key');

const guessFrom = (url: string, address: string) => guess(url).set('X-Forwarded-For', address);

describe('requests without a valid credential', () => {
  test('are limited by address, so that keys cannot be guessed fast', async () => {
    const replica = await start({ ADDRESS_REQUESTS_PER_SECOND: '5' });
    expect((await guess(replica.url)).status).toBe(401);
    const refused = await untilRefused(() => guess(replica.url));
    api.document.check(refused);
    expect(refused.headers).toMatchObject({
      'retry-after': '1',
      'ratelimit-policy': '"address";q=5;w=1',
      ratelimit: '"address";r=0;t=1',
    });
  });

  test('do not shut out a key from the same address that was valid before', async () => {
    const replica = await start({ ADDRESS_REQUESTS_PER_SECOND: '5' });
    await read(replica.url, one.key).expect(200);
    await untilRefused(() => guess(replica.url));
    const flooding = flood(MANY, () => guess(replica.url));
    const served: Response[] = [];
    for (let n = 0; n < 5; n += 1) served.push(await read(replica.url, one.key));
    expect(statusesIn(served)).toEqual(new Set([200]));
    await flooding;
  });

  test('are limited where anyone may read, too, but for the probes', async () => {
    const replica = await start({ ADDRESS_REQUESTS_PER_SECOND: '5' });
    const answers = await flood(MANY, () => request(replica.url).get('/manifest'));
    expect(statusesIn(answers)).toEqual(new Set([200, 429]));
    expect(statusesIn(await flood(MANY, () => request(replica.url).get('/healthz')))).toEqual(new Set([200]));
  });

  test.each(['/console', '/docs/swagger-ui.css'])(
    'are limited by address for files such as %s, with a limit of its own',
    async (path) => {
      const replica = await start({ ADDRESS_REQUESTS_PER_SECOND: '1', ADDRESS_FILES_PER_SECOND: '20' });
      const page = await flood(20, () => request(replica.url).get(path));
      expect(statusesIn(page)).not.toContain(429);
      const refused = await untilRefused(() => request(replica.url).get(path));
      expect(refused.body).toMatchObject({
        code: 'RATE_LIMITED',
        message: 'more than 20 files in a second, try again later',
      });
      expect(refused.headers).toMatchObject({
        'retry-after': '1',
        'ratelimit-policy': '"files";q=20;w=1',
        ratelimit: '"files";r=0;t=1',
      });
    },
  );

  test('are limited where a token is asked for', async () => {
    const replica = await start({ ADDRESS_REQUESTS_PER_SECOND: '5' });
    const complete = () =>
      request(replica.url)
        .post('/automation/executions/01a20d39-27c1-753f-87f4-75c6d5717b06/complete')
        .set('X-Automation-Completion-Token', '8f7f2a52-4f0a-4b60-9a4e-0c53b54f2d10');
    expect((await complete()).status).toBe(404);
    await untilRefused(complete);
  });

  test('have the address that a trusted proxy says, and no other one does', async () => {
    const trusting = await start({ ADDRESS_REQUESTS_PER_SECOND: '5', TRUSTED_PROXIES: '127.0.0.1' });
    const addresses = Array.from({ length: 30 }, (_, n) => `192.0.2.${n}`);
    const each = await Promise.all(addresses.map((address) => guessFrom(trusting.url, address)));
    expect(statusesIn(each)).toEqual(new Set([401]));
    const wary = await start({ ADDRESS_REQUESTS_PER_SECOND: '5' });
    let guesses = 0;
    await untilRefused(() => guessFrom(wary.url, `192.0.2.${(guesses += 1) % 256}`));
  });
});

test('the metric names each limit from the start, and counts what it refused', async () => {
  const replica = await startTestApi({ ACCOUNT_REQUESTS_PER_SECOND: '5' });
  replicas.push(replica);
  const counted = async (limit: string) => {
    const { value } = await scrape(Number(new URL(replica.metricsUrl).port));
    return value('automation_requests_limited_total', { limit });
  };
  expect(await counted('account_requests')).toBe(0);
  expect(await counted('concurrent_requests')).toBe(0);
  const answers = await Promise.all(Array.from({ length: 30 }, () => replica.admin.get('/automation/jobs')));
  const refused = statusesOf(answers).filter((status) => status === 429).length;
  expect(refused).toBeGreaterThan(0);
  expect(await counted('account_requests')).toBe(refused);
});

test('the OpenAPI document tells of 429 and of its header fields wherever a credential is asked for', () => {
  const asking = api.document.operations.filter(({ security }) => security.length > 0);
  expect(asking.length).toBeGreaterThan(20);
  for (const { path, responses } of asking) {
    const fields = Object.keys(recordOf(Reflect.get(Object(responses['429']), 'headers')));
    expect({ path, fields }).toEqual({ path, fields: ['RateLimit', 'RateLimit-Policy', 'Retry-After'] });
  }
});

test('GET /manifest shows the limits that are set', async () => {
  const replica = await start({
    MAX_REQUESTS_PER_SECOND: '7',
    MAX_CONCURRENT_REQUESTS: '8',
    MAX_STORAGE_BYTES: '0',
    MAX_EVENTS_PER_SECOND: '9',
  });
  const { body }: Response = await request(replica.url).get('/manifest').expect(200);
  expect(body).toMatchObject({
    resources: {
      max_requests_per_second: 7,
      max_concurrent_requests: 8,
      max_storage_bytes: 0,
      max_events_per_second: 9,
    },
  });
});
