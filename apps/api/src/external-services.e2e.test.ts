import { type FunctionServer, startFunctionServer, unique } from '@automation/testing';
import request, { type Response } from 'supertest';

import { ADMIN_KEY, type Client, startTestApi, type TestApi } from './api.fixture.ts';

let services: FunctionServer;
let api: TestApi;
/** Of an account that only the external service knows. */
let client: Client;

const ACCOUNT = 'kept-elsewhere';

beforeAll(async () => {
  services = await startFunctionServer();
  services.script(`/accounts/${ACCOUNT}`, () => ({ body: { id: ACCOUNT, name: 'Kept elsewhere' } }));
  api = await startTestApi({
    ACCOUNTS_URL: services.url(''),
    FUNCTIONS_URL: services.url('/v1'),
    FUNCTIONS_TOKEN: 'service-token',
  });
  const { body } = await api.admin.post(`/accounts/${ACCOUNT}/api-keys`, { name: 'k' });
  client = api.client(String(body['key']));
});

afterAll(async () => {
  await api.stop();
  await services.close();
});

/** A function that the external service keeps, or of which it answers this status. */
function newFunction(status = 200): string {
  const id = unique('fn');
  const record = { id, account_id: ACCOUNT, url: 'http://127.0.0.1:9/', secret: 'whsec_dGVzdCBzZWNyZXQ=' };
  services.script(`/v1/functions/${id}`, () => ({ status, body: record }));
  return id;
}

const newJob = (functionId: string) =>
  client.post('/automation/jobs', { function_id: functionId, name: unique('job'), schedule: '@hourly' });

describe('functions that an external service keeps (SPEC 5)', () => {
  test('a job may have one', async () => {
    const functionId = newFunction();
    const { status, body } = await newJob(functionId);
    expect({ status, body }).toMatchObject({ status: 201, body: { function_id: functionId } });
    expect(services.calls(`/v1/functions/${functionId}`)[0]?.headers).toMatchObject({
      authorization: 'Bearer service-token',
      'x-automation-account': ACCOUNT,
    });
  });

  test('a job may get another one', async () => {
    const { body: job } = await newJob(newFunction());
    const functionId = newFunction();
    const path = `/automation/jobs/${String(job['id'])}`;
    expect((await client.patch(path, { function_id: functionId })).body['function_id']).toBe(functionId);
    expect(await client.patch(path, { function_id: 'unknown' })).toMatchObject({
      status: 400,
      body: { message: 'function validation failed: function unknown not found' },
    });
  });

  test('one that it does not know is none', async () => {
    expect(await newJob('unknown')).toMatchObject({
      status: 400,
      body: { message: 'function validation failed: function unknown not found' },
    });
  });

  test('while it is down the answer is 503, and nothing is created', async () => {
    const functionId = newFunction(500);
    expect(await newJob(functionId)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { code: 'UNAVAILABLE', message: 'the functions service is not available, try again' },
    });
    expect((await client.get(`/automation/jobs?function_id=${functionId}`)).items).toEqual([]);
  });
});

describe('accounts that an external service keeps (SPEC 5)', () => {
  test('have API keys here', async () => {
    const { items } = await api.admin.get(`/accounts/${ACCOUNT}/api-keys`);
    expect(items).toMatchObject([{ name: 'k', account_id: ACCOUNT }]);
    expect(await api.admin.post('/accounts/unknown/api-keys', { name: 'k' })).toMatchObject({
      status: 404,
      body: { message: 'account unknown not found' },
    });
  });

  test('are not made by BOOTSTRAP_ACCOUNT_ID, whose key is', async () => {
    const { rows } = await api.store.pool.query('SELECT id FROM accounts');
    expect(rows).toEqual([]);
    expect((await api.admin.get('/automation/jobs')).status).toBe(200);
  });

  test('have the name that they have there, and none while it is not known', async () => {
    expect(await nameFor(client)).toBe('Kept elsewhere');
    expect(await nameFor(api.admin)).toBeNull();
    const { body } = await api.admin.post(`/accounts/${ACCOUNT}/api-keys`, { name: 'k' });
    services.script('/accounts/of-a-service-that-is-down', () => ({ status: 500 }));
    await api.store.pool.query('UPDATE api_keys SET account_id = $1 WHERE id = $2', [
      'of-a-service-that-is-down',
      body['id'],
    ]);
    expect(await nameFor(api.client(String(body['key'])))).toBeNull();
  });
});

describe('the built-in routes of what is kept elsewhere', () => {
  test.each([
    ['GET', '/functions', 'functions are kept by the service at FUNCTIONS_URL'],
    ['POST', '/functions', 'functions are kept by the service at FUNCTIONS_URL'],
    ['POST', '/functions/fn/test', 'functions are kept by the service at FUNCTIONS_URL'],
    ['GET', '/accounts', 'accounts are kept by the service at ACCOUNTS_URL'],
    ['GET', `/accounts/${ACCOUNT}`, 'accounts are kept by the service at ACCOUNTS_URL'],
  ])('%s %s is 404 and says who keeps it', async (method, path, message) => {
    const sent = method === 'GET' ? request(api.url).get(path) : request(api.url).post(path).send({});
    const response: Response = await sent.set('Authorization', `Bearer ${ADMIN_KEY}`);
    expect({ status: response.status, body: response.body }).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND', message },
    });
  });

  test('are not in the OpenAPI document', () => {
    const kept = api.document.operations.filter(({ path }) => /^\/(functions|accounts)/.test(path));
    expect([...new Set(kept.map(({ path }) => path))]).toEqual([
      '/accounts/{id}/api-keys',
      '/accounts/{id}/api-keys/{key_id}',
    ]);
  });
});

test('an external service that is down leaves the api ready', async () => {
  await newJob(newFunction(500));
  const response: Response = await request(api.url).get('/readyz');
  expect(response.body).toEqual({ status: 'ready', checks: { database: 'ok' } });
});

async function nameFor(key: Client) {
  return (await key.get('/identity')).body['account_name'];
}
