import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';

import { type FunctionServer, startFunctionServer } from '@automation/testing';
import request from 'supertest';

import { type Answer, startTestApi, type Tenant, type TestApi } from '../api.fixture.ts';

let api: TestApi;
let functionServer: FunctionServer;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi();
  functionServer = await startFunctionServer();
  tenant = await api.newTenant();
});

afterAll(async () => {
  await functionServer.close();
  await api.stop();
});

const pathOf = (fn: Record<string, unknown>) => `/functions/${String(fn['id'])}`;

async function create(url: string, fields: object = {}): Promise<Record<string, unknown>> {
  const { status, body } = await tenant.post('/functions', { name: 'fn', url, ...fields });
  expect(status).toBe(201);
  return body;
}

/** A function at a path of the function server. */
async function registered(path: string, fields: object = {}) {
  return create(functionServer.url(path), fields);
}

function onlyCall(path: string) {
  const calls = functionServer.calls(path);
  expect(calls).toHaveLength(1);
  return calls[0]!;
}

const tryOut = (fn: Record<string, unknown>, body?: object): Promise<Answer> =>
  tenant.post(`${pathOf(fn)}/test`, body);

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
}

/** Standard Webhooks: HMAC-SHA256 of id, timestamp and body, keyed with what follows `whsec_`. */
function signature(secret: unknown, headers: Record<string, unknown>, raw: string): string {
  const key = Buffer.from(String(secret).slice('whsec_'.length), 'base64');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${raw}`;
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}

test('makes the check request that a worker would, signed with the secret, and answers the output', async () => {
  functionServer.script('/signed', () => ({ body: { shouldPerform: false } }));
  const fn = await registered('/signed', { headers: { 'X-Own': 'yes' } });
  const { status, body } = await tryOut(fn, { payload: { a: 1, phase: 'forged' } });
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      status: 'succeeded',
      http_status: 200,
      output: { shouldPerform: false },
      logs: [],
      error: '',
      duration_ms: expect.any(Number),
    },
  });
  const { raw, headers } = onlyCall('/signed');
  expect(JSON.parse(raw)).toEqual({ a: 1, automation_job: 'test', phase: 'check' });
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'x-own': 'yes',
    'x-automation-account': tenant.accountId,
    'x-automation-function': fn['id'],
    'x-automation-phase': 'check',
    'x-automation-attempt': '1',
    'idempotency-key': headers['webhook-id'],
    'webhook-signature': signature(fn['secret'], headers, raw),
  });
});

test.each([
  { path: '/rotated', rotation: {}, overlaps: true, beside: 'for a day' },
  {
    path: '/rotated-briefly',
    rotation: { overlap_seconds: 60 },
    overlaps: true,
    beside: 'for as long as told',
  },
  { path: '/rotated-at-once', rotation: { overlap_seconds: 0 }, overlaps: false, beside: 'not at all' },
])(
  'a rotated secret signs from then on, the old one beside it $beside (SPEC 4)',
  async ({ path, rotation, overlaps }) => {
    functionServer.script(path, () => ({ body: {} }));
    const fn = await registered(path);
    const { body } = await tenant.post(`${pathOf(fn)}/rotate-secret`, rotation);
    await tryOut(fn);
    const { raw, headers } = onlyCall(path);
    const signing = overlaps ? [body['secret'], fn['secret']] : [body['secret']];
    expect(headers['webhook-signature']).toBe(
      signing.map((secret) => signature(secret, headers, raw)).join(' '),
    );
  },
);

test('can make the perform request', async () => {
  functionServer.script('/perform', () => ({ body: { success: true } }));
  const fn = await registered('/perform');
  const { body } = await tryOut(fn, { phase: 'perform', payload: { a: 1 } });
  expect(body).toMatchObject({ status: 'succeeded', output: { success: true } });
  expect(onlyCall('/perform').body).toEqual({ a: 1, automation_job: 'test', phase: 'perform' });
});

test('a function that fails is answered with 200 and what it said, after one attempt', async () => {
  functionServer.script('/failing', () => ({ status: 503, body: { error: 'closed' } }));
  const { status, body } = await tryOut(await registered('/failing'));
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { status: 'failed', http_status: 503, output: {}, error: expect.stringContaining('503') },
  });
  expect(functionServer.calls('/failing')).toHaveLength(1);
});

test('a function that will complete it later has accepted, and not failed (SPEC 4, async completion)', async () => {
  functionServer.script('/async', () => ({ status: 202, body: { async: true } }));
  const { body } = await tryOut(await registered('/async'));
  expect(body).toMatchObject({ status: 'accepted', http_status: 202, error: '' });
});

test('a function that nobody serves is answered with the network error', async () => {
  const { body } = await tryOut(await create('http://127.0.0.1:9/'));
  expect(body).toMatchObject({
    status: 'failed',
    http_status: null,
    error: expect.stringContaining('127.0.0.1:9'),
  });
});

test('a function that does not answer within its time is timed_out', async () => {
  functionServer.script('/hanging', () => 'hang');
  const { status, body } = await tryOut(await registered('/hanging', { timeout_seconds: 1 }));
  expect({ status, body }).toMatchObject({ status: 200, body: { status: 'timed_out', http_status: null } });
  expect(body['error']).toMatch(/1 s/);
  expect(body['duration_ms']).toBeGreaterThanOrEqual(1_000);
  expect(body['duration_ms']).toBeLessThan(10_000);
});

test('the request to the function is cut when the client goes away', async () => {
  const arrived = Promise.withResolvers<ServerResponse>();
  const silent = createServer((_request, response) => arrived.resolve(response)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const fn = await create(`http://127.0.0.1:${portOf(silent)}/`);
  const client = request(api.url)
    .post(`${pathOf(fn)}/test`)
    .set('X-API-Key', tenant.key);
  const abandoned = client.then(
    () => 'answered',
    () => 'abandoned',
  );
  const cut = once(await arrived.promise, 'close');
  client.abort();
  await cut;
  expect(await abandoned).toBe('abandoned');
  silent.close();
});

test('the body may be left out; phases and fields that do not exist are refused', async () => {
  functionServer.script('/bare', () => ({ body: {} }));
  const fn = await registered('/bare');
  await request(api.url)
    .post(`${pathOf(fn)}/test`)
    .set('X-API-Key', tenant.key)
    .expect(200);
  expect(await tryOut(fn, { phase: 'both' })).toMatchObject({
    status: 400,
    body: { message: 'phase must be one of [check, perform], got "both"' },
  });
  expect((await tryOut(fn, { input: {} })).status).toBe(400);
  expect(functionServer.calls('/bare')).toHaveLength(1);
});
