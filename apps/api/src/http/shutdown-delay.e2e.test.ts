import { waitUntil } from '@automation/testing';
import request, { type Response } from 'supertest';

import { startTestApi, type TestApi } from '../api.fixture.ts';

/** Long enough for some requests, on a busy machine too. */
const SHUTDOWN_DELAY_MS = 3_000;

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({ SHUTDOWN_DELAY_MS: '0' });
});

afterAll(() => api.stop());

const isRefused = (url: string) =>
  request(url)
    .get('/healthz')
    .then(
      () => false,
      () => true,
    );

test('after a SIGTERM it serves on for SHUTDOWN_DELAY_MS, but is not ready, and closes each connection (SPEC 6)', async () => {
  const replica = await api.startReplica({ SHUTDOWN_DELAY_MS: String(SHUTDOWN_DELAY_MS) });
  const before: Response = await request(replica.url).get('/readyz');
  expect({ status: before.status, connection: before.get('Connection') }).toEqual({
    status: 200,
    connection: 'close',
  });
  const stopped = replica.stop();
  const ready: Response = await request(replica.url).get('/readyz');
  expect({ status: ready.status, body: ready.body }).toEqual({
    status: 503,
    body: { status: 'unavailable', checks: { database: 'ok', shutdown: 'under way' } },
  });
  const served: Response = await request(replica.url).get('/manifest').set('Connection', 'keep-alive');
  expect({ status: served.status, connection: served.get('Connection') }).toEqual({
    status: 200,
    connection: 'close',
  });
  await stopped;
  expect(await isRefused(replica.url)).toBe(true);
});

test('without a delay it takes no more at once', async () => {
  const replica = await api.startReplica();
  const stopped = replica.stop();
  await waitUntil(() => isRefused(replica.url));
  await stopped;
});
