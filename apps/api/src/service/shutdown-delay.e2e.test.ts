import { waitUntil } from '@automation/testing';
import request, { type Response } from 'supertest';

import { recordOf, startTestApi, type TestApi } from '../api.fixture.ts';

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

/** By a connection that the client would keep. */
async function ask(url: string, path: string) {
  const response: Response = await request(url).get(path).set('Connection', 'keep-alive');
  return { status: response.status, connection: response.get('Connection'), body: recordOf(response.body) };
}

test('after a SIGTERM it serves on for SHUTDOWN_DELAY_MS, but is not ready, and closes each connection (SPEC 6)', async () => {
  const replica = await api.startReplica({ SHUTDOWN_DELAY_MS: String(SHUTDOWN_DELAY_MS) });
  const { url } = replica;
  expect(await ask(url, '/readyz')).toMatchObject({ status: 200, connection: 'keep-alive' });
  const stopped = replica.stop();
  expect(await ask(url, '/readyz')).toEqual({
    status: 503,
    connection: 'close',
    body: { status: 'unavailable', checks: { database: 'ok', shutdown: 'under way' } },
  });
  expect(await ask(url, '/manifest')).toMatchObject({ status: 200, connection: 'close' });
  await stopped;
  expect(await isRefused(url)).toBe(true);
});

test('without a delay it takes no more at once', async () => {
  const replica = await api.startReplica();
  const stopped = replica.stop();
  await waitUntil(() => isRefused(replica.url));
  await stopped;
});
