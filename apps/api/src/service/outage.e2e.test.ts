import { installQueues } from '@automation/queue';
import { migrate } from '@automation/store';
import {
  createTestDatabase,
  type DatabaseLink,
  linkTo,
  type TestDatabase,
  waitUntil,
  recordingLogger,
} from '@automation/testing';
import request, { type Response } from 'supertest';

import { loadApiConfig, start, type StartedApi } from '../index.ts';

const KEY = 'admin-key-of-the-tests-0123456789abcdef';

const logger = recordingLogger();
let database: TestDatabase;
let link: DatabaseLink;
let running: StartedApi;
let url: string;
let metricsUrl: string;

beforeAll(async () => {
  database = await createTestDatabase(migrate, installQueues);
  link = await linkTo(database.url);
  const config = loadApiConfig({
    DATABASE_URL: link.url,
    API_PORT: '0',
    METRICS_PORT: '0',
    BOOTSTRAP_ACCOUNT_ID: 'admin',
    BOOTSTRAP_API_KEY: KEY,
    FUNCTION_NETWORK: 'private',
  });
  running = await start(config, { logger });
  url = `http://127.0.0.1:${running.port}`;
  metricsUrl = `http://127.0.0.1:${running.metricsPort}`;
});

afterEach(async () => {
  await mend();
});

afterAll(async () => {
  await running.stop();
  await link.close();
  await database.drop();
});

const list = () => request(url).get('/automation/jobs').set('X-API-Key', KEY);

/** Mends the link and waits until requests are answered again. */
async function mend(): Promise<void> {
  link.mend();
  await waitUntil(async () => (await list()).status === 200);
}

const createAccount = () =>
  request(url)
    .post('/accounts')
    .set({ 'X-API-Key': KEY, 'Idempotency-Key': 'during the outage' })
    .send({ id: 'made-in-the-end', name: 'n' });

test('while the database is gone /readyz is 503 on both ports, and says what is wrong', async () => {
  link.cut();
  for (const base of [url, metricsUrl]) {
    const { status, body }: Response = await request(base).get('/readyz');
    expect({ status, body }).toEqual({
      status: 503,
      body: { status: 'unavailable', checks: { database: expect.stringMatching(/\S/) } },
    });
  }
});

test('what needs no database goes on meanwhile', async () => {
  link.cut();
  for (const path of ['/healthz', '/manifest', '/openapi.json', '/docs/']) {
    expect([path, (await request(url).get(path)).status]).toEqual([path, 200]);
  }
  expect((await request(metricsUrl).get('/metrics')).status).toBe(200);
});

test('a request that needs it is 503 with Retry-After, and nothing of the cause is shown', async () => {
  link.cut();
  const response: Response = await list().set('X-Request-Id', 'in-the-outage');
  expect({ status: response.status, body: response.body }).toEqual({
    status: 503,
    body: {
      error: 'unavailable',
      message: 'the database is not available, try again',
      code: 'UNAVAILABLE',
      request_id: 'in-the-outage',
    },
  });
  expect(response.get('Retry-After')).toBe('1');
});

test('everything goes on by itself once it is back, and the log says both in one line each', async () => {
  const before = logger.lines.length;
  link.cut();
  expect(await Promise.all([list(), list(), list()])).toMatchObject(
    [503, 503, 503].map((status) => ({ status })),
  );
  await mend();
  expect((await request(url).get('/readyz')).body).toEqual({ status: 'ready', checks: { database: 'ok' } });
  const said = logger.lines.slice(before).filter(({ level }) => level !== 'debug');
  expect(said.map(({ level, message }) => [level, message])).toEqual([
    ['warn', 'database is not available, trying until it is'],
    ['info', 'database is available again'],
  ]);
});

test('a POST that failed for the outage can be sent again under its Idempotency-Key', async () => {
  link.cut();
  expect((await createAccount()).status).toBe(503);
  await mend();
  const answers = [await createAccount(), await createAccount()];
  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  expect(answers.map((answer) => answer.get('Idempotency-Replayed'))).toEqual([undefined, 'true']);
});

test('a server that takes the connection and says nothing is as bad as none: /readyz is 503 soon', async () => {
  link.silence();
  const { status, body }: Response = await request(url).get('/readyz');
  expect({ status, body }).toMatchObject({ status: 503, body: { status: 'unavailable' } });
  expect((await request(url).get('/healthz')).status).toBe(200);
});
