import { createHash } from 'node:crypto';

import { unique, waitUntil } from '@automation/testing';
import request, { type Response } from 'supertest';

import { ADMIN_KEY, nextPageOf, startTestApi, type TestApi } from '../api.fixture.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});

afterAll(() => api.stop());

async function newAccount(): Promise<string> {
  const { status, body } = await api.admin.post('/accounts', { name: unique('account') });
  expect(status).toBe(201);
  return String(body['id']);
}

async function newKey(accountId: string, fields: object = {}) {
  const { status, body } = await api.admin.post(`/accounts/${accountId}/api-keys`, { name: 'k', ...fields });
  expect(status).toBe(201);
  return { id: String(body['id']), key: String(body['key']), body };
}

/** What a request with these headers is answered, but for its request id. */
async function answerTo(headers: Record<string, string>, path = '/automation/jobs') {
  const response: Response = await request(api.url).get(path).set(headers);
  const body: unknown = JSON.parse(response.text);
  const { request_id: _id, ...rest } = Object(body);
  return { status: response.status, authenticate: response.get('WWW-Authenticate'), body: { ...rest } };
}

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

const UNAUTHORIZED = {
  status: 401,
  authenticate: 'Bearer',
  body: { error: 'unauthorized', message: 'missing or invalid API key or token', code: 'UNAUTHORIZED' },
};

describe('accounts', () => {
  test('an account is made under the given id, or under one that is made up (SPEC 5)', async () => {
    const id = unique('Acme.Corp_');
    const { status, headers, body } = await api.admin.post('/accounts', { id, name: ' Acme ' });
    expect({ status, location: headers['location'] }).toEqual({ status: 201, location: `/accounts/${id}` });
    expect(body).toEqual({ id, name: 'Acme', created_at: expect.stringMatching(/Z$/) });
    expect((await api.admin.get(`/accounts/${id}`)).body).toEqual(body);
    expect(await newAccount()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  test('an id that is taken is 409, and the account stays as it is', async () => {
    const id = await newAccount();
    const before = await api.admin.get(`/accounts/${id}`);
    expect(await api.admin.post('/accounts', { id, name: 'other' })).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT', message: `account ${id} already exists` },
    });
    expect((await api.admin.get(`/accounts/${id}`)).body).toEqual(before.body);
  });

  test.each<[object, string]>([
    [{}, 'required: name'],
    [{ name: ' ' }, 'required: name'],
    [
      { name: 'n', id: 'a/b' },
      'id must be at most 128 characters out of A-Za-z0-9._-, and not . or .., got "a/b"',
    ],
    [
      { name: 'n', id: 'ü' },
      'id must be at most 128 characters out of A-Za-z0-9._-, and not . or .., got "ü"',
    ],
    // No path leads to it: clients resolve `/accounts/..`.
    [
      { name: 'n', id: '..' },
      'id must be at most 128 characters out of A-Za-z0-9._-, and not . or .., got ".."',
    ],
    [{ name: 'n', plan: 'free' }, 'unknown field: plan'],
  ])('%j is refused', async (body, message) => {
    expect(await api.admin.post('/accounts', body)).toMatchObject({ status: 400, body: { message } });
  });

  test('the list is by id and paged', async () => {
    for (const id of ['page-b', 'page-a', 'page-c']) await api.admin.post('/accounts', { id, name: id });
    const first = await api.admin.get('/accounts?limit=2&cursor=page-');
    expect(first.items.map(({ id }) => id)).toEqual(['page-a', 'page-b']);
    expect((await api.admin.get(nextPageOf(first) ?? '')).items[0]).toMatchObject({ id: 'page-c' });
  });
});

describe('API keys', () => {
  test('a key is shown once (SPEC 5)', async () => {
    const accountId = await newAccount();
    const { id, key, body } = await newKey(accountId, { name: 'ci' });
    expect(Object.entries(body)).toEqual([
      ['id', expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)],
      ['account_id', accountId],
      ['name', 'ci'],
      ['prefix', key.slice(0, 10)],
      ['scopes', ['read', 'write']],
      ['expires_at', null],
      ['revoked_at', null],
      ['last_used_at', null],
      ['created_at', expect.stringMatching(/Z$/)],
      ['key', expect.stringMatching(/^ak_[\w-]{43}$/)],
    ]);
    const { key: _shownOnce, ...shown } = body;
    expect((await api.admin.get(`/accounts/${accountId}/api-keys`)).items).toEqual([shown]);
    expect((await api.admin.delete(`/accounts/${accountId}/api-keys/${id}`)).body).not.toHaveProperty('key');
  });

  test('the table holds its hash, and its text nowhere (SPEC 5)', async () => {
    const { id, key } = await newKey(await newAccount());
    const { rows } = await api.store.pool.query<{ hash: Buffer; row: string }>(
      'SELECT hash, row_to_json(k)::text AS row FROM api_keys k WHERE id = $1',
      [id],
    );
    expect(rows[0]?.hash).toEqual(createHash('sha256').update(key).digest());
    expect(rows[0]?.row).not.toContain(key);
    expect(rows[0]?.row).not.toContain(key.slice(10));
  });

  test('both Bearer and X-API-Key show it', async () => {
    const { key } = await newKey(await newAccount());
    for (const headers of [
      bearer(key),
      { authorization: `bearer  ${key}` },
      { 'X-API-Key': key },
      { 'X-API-Key': key, Authorization: 'Basic YTpi' },
    ]) {
      expect((await answerTo(headers)).status).toBe(200);
    }
  });

  test('every request without a valid key is answered the same: missing, unknown, revoked, expired', async () => {
    const accountId = await newAccount();
    const revoked = await newKey(accountId);
    await api.admin.delete(`/accounts/${accountId}/api-keys/${revoked.id}`);
    const expired = await newKey(accountId, { expires_at: '2099-01-01T00:00:00Z' });
    await api.store.pool.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [expired.id]);
    const { key } = await newKey(accountId);
    for (const headers of [
      {},
      bearer('ak_unknown'),
      bearer(revoked.key),
      bearer(expired.key),
      bearer(`${key}x`),
      bearer(`${key} ${key}`),
      bearer(key.toUpperCase()),
      { Authorization: key },
      { Authorization: 'Bearer ' },
      { 'X-API-Key': '' },
      { 'X-API-Key': 'clé' },
    ]) {
      expect(await answerTo(headers)).toEqual(UNAUTHORIZED);
    }
  });

  test('who they are comes before what they ask: no key is 401 whatever the body, id or scope', async () => {
    const post = request(api.url).post('/automation/jobs').type('json').send('{"nonsense');
    expect((await post).status).toBe(401);
    expect(await answerTo({}, '/accounts')).toEqual(UNAUTHORIZED);
    expect(await answerTo({}, '/automation/jobs/unknown')).toEqual(UNAUTHORIZED);
  });

  test('a revocation works at once, for that key alone, and is kept in the list', async () => {
    const accountId = await newAccount();
    const [one, other] = [await newKey(accountId), await newKey(accountId)];
    expect((await answerTo(bearer(one.key))).status).toBe(200);
    const path = `/accounts/${accountId}/api-keys/${one.id}`;
    const { status, body } = await api.admin.delete(path);
    expect({ status, id: body['id'] }).toEqual({ status: 200, id: one.id });
    expect(body['revoked_at']).toEqual(expect.stringMatching(/Z$/));
    expect((await answerTo(bearer(one.key))).status).toBe(401);
    expect((await answerTo(bearer(other.key))).status).toBe(200);
    const { items } = await api.admin.get(`/accounts/${accountId}/api-keys`);
    expect(items.map((key) => [key['id'], key['revoked_at']])).toEqual([
      [other.id, null],
      [one.id, body['revoked_at']],
    ]);
    expect((await api.admin.delete(path)).body['revoked_at']).toBe(body['revoked_at']);
  });

  test('on another replica it works within 5 s (SPEC 5)', async () => {
    const replica = await api.startReplica();
    const accountId = await newAccount();
    const { id, key } = await newKey(accountId);
    const answerOfReplica = async () =>
      (await request(replica.url).get('/automation/jobs').set(bearer(key))).status;
    expect(await answerOfReplica()).toBe(200);
    await api.admin.delete(`/accounts/${accountId}/api-keys/${id}`);
    await waitUntil(async () => (await answerOfReplica()) === 401, { timeoutMs: 5_000 });
    await replica.stop();
  });

  test('a key ends by itself at expires_at, which must be in the future', async () => {
    const accountId = await newAccount();
    const { key, body } = await newKey(accountId, { expires_at: '2099-01-01T01:00:00+01:00' });
    expect(body['expires_at']).toBe('2099-01-01T00:00:00Z');
    expect((await answerTo(bearer(key))).status).toBe(200);
    const message = 'expires_at must be in the future, got 2020-01-01T00:00:00Z';
    expect(
      await api.admin.post(`/accounts/${accountId}/api-keys`, {
        name: 'late',
        expires_at: '2020-01-01T00:00:00Z',
      }),
    ).toMatchObject({ status: 400, body: { message, details: [{ field: 'expires_at', message }] } });
  });

  test('its last use is shown, to the minute', async () => {
    const accountId = await newAccount();
    const { key } = await newKey(accountId);
    const since = Date.now();
    await answerTo(bearer(key));
    const { items } = await api.admin.get(`/accounts/${accountId}/api-keys`);
    const lastUsed = Date.parse(String(items[0]?.['last_used_at']));
    expect(Math.abs(lastUsed - since)).toBeLessThan(60_000);
  });

  test.each<[object, string]>([
    [{}, 'required: name'],
    [{ name: 'k', scopes: [] }, 'scopes must contain at least 1 items'],
    [{ name: 'k', scopes: ['root'] }, 'scopes[0] must be one of [read, write, admin], got "root"'],
    [{ name: 'k', scopes: ['read', 'read'] }, 'scopes[1] contains a duplicate value, got "read"'],
    [{ name: 'k', scopes: 'read' }, 'scopes must be an array, got "read"'],
    [{ name: 'k', expires_at: 'never' }, 'expires_at must be an RFC 3339 date and time, got "never"'],
    [{ name: 'k', key: 'mine' }, 'unknown field: key'],
  ])('%j is refused', async (body, message) => {
    const answer = await api.admin.post(`/accounts/${await newAccount()}/api-keys`, body);
    expect(answer).toMatchObject({ status: 400, body: { message } });
  });
});

describe('scopes (SPEC 5)', () => {
  const ALLOWED = 400;

  test.each<[string[], { read: number; write: number; admin: number }]>([
    [['read'], { read: 200, write: 403, admin: 403 }],
    [['write'], { read: 200, write: ALLOWED, admin: 403 }],
    [['admin'], { read: 200, write: ALLOWED, admin: 200 }],
    [['read', 'admin'], { read: 200, write: ALLOWED, admin: 200 }],
  ])('%j', async (scopes, expected) => {
    const { key } = await newKey(await newAccount(), { scopes });
    const client = api.client(key);
    expect({
      read: (await client.get('/automation/jobs')).status,
      // Past the scope, the empty body is what is wrong.
      write: (await client.post('/automation/jobs', {})).status,
      admin: (await client.get('/accounts')).status,
    }).toEqual(expected);
  });

  test('a schedule is previewed with a key that may only read', async () => {
    const { key } = await newKey(await newAccount(), { scopes: ['read'] });
    const { status } = await api.client(key).post('/automation/schedules/preview', { schedule: '@daily' });
    expect(status).toBe(200);
  });
});

test('the bootstrap account and its admin key are made at start (SPEC 6)', async () => {
  expect((await api.client(ADMIN_KEY).get('/accounts/admin')).body).toMatchObject({ id: 'admin' });
  const { items } = await api.admin.get('/accounts/admin/api-keys');
  expect(items).toMatchObject([{ name: 'bootstrap', scopes: ['admin'], prefix: ADMIN_KEY.slice(0, 10) }]);
});
