import { createHmac } from 'node:crypto';

import { recordingLogger, unique, waitUntil } from '@automation/testing';
import request, { type Response } from 'supertest';

import { createJob, startTestApi, type TestApi } from '../api.fixture.ts';
import { inSeconds, startTestIssuer, type TestIssuer } from './test-issuer.fixture.ts';

const logger = recordingLogger();
let issuer: TestIssuer;
let stranger: TestIssuer;
let api: TestApi;
let accountId: string;

beforeAll(async () => {
  issuer = await startTestIssuer();
  stranger = await startTestIssuer();
  api = await startTestApi({ ...issuer.settings, JWT_SCOPE_CLAIM: 'permissions' }, { logger });
  accountId = unique('acc');
  await api.admin.post('/accounts', { id: accountId, name: 'Acme' });
});

afterAll(async () => {
  await api.stop();
  await issuer.close();
  await stranger.close();
});

const sign = (claims: object = {}, header: object = {}) =>
  issuer.sign({ account_id: accountId, permissions: 'read write', ...claims }, header);

describe('a JWT as Bearer (SPEC 5)', () => {
  test("acts for its claim's account", async () => {
    const client = api.client(await sign());
    const job = await createJob(client);
    expect(job['account_id']).toBe(accountId);
    expect((await client.get('/automation/jobs')).items).toMatchObject([{ id: job['id'] }]);
  });

  test.each<[unknown, { read: number; write: number; admin: number }]>([
    ['read', { read: 200, write: 403, admin: 403 }],
    ['openid  write profile', { read: 200, write: 400, admin: 403 }],
    [['admin', 7, null], { read: 200, write: 400, admin: 200 }],
    ['reader ADMIN', { read: 403, write: 403, admin: 403 }],
    [{ admin: true }, { read: 403, write: 403, admin: 403 }],
    [undefined, { read: 403, write: 403, admin: 403 }],
  ])('the scopes of %j count', async (permissions, expected) => {
    const client = api.client(await sign({ permissions }));
    expect({
      read: (await client.get('/automation/jobs')).status,
      // Past the scope, the empty body is what is wrong.
      write: (await client.post('/automation/jobs', {})).status,
      admin: (await client.get('/accounts')).status,
    }).toEqual(expected);
  });

  test('a scope that it lacks is named', async () => {
    const { body } = await api.client(await sign({ permissions: 'read' })).get('/accounts');
    expect(body).toMatchObject({ code: 'FORBIDDEN', message: 'forbidden: the token lacks the scope admin' });
  });

  test('it is no API key', async () => {
    const response: Response = await request(api.url)
      .get('/automation/jobs')
      .set('X-API-Key', await sign());
    expect(response.status).toBe(401);
  });

  test('what it does is logged with its subject, and the token nowhere', async () => {
    const token = await sign({ sub: 'auth0|jane' });
    await createJob(api.client(token));
    const made = logger.lines.filter(({ fields }) => fields['subject'] === 'auth0|jane');
    expect(made.map(({ message }) => message)).toEqual(['function created', 'job created']);
    expect(JSON.stringify(logger.lines)).not.toContain(token);
  });

  test('the audit log knows its subject', async () => {
    const client = api.client(await sign({ sub: 'auditor', permissions: 'admin' }));
    const job = await createJob(client);
    const { items } = await client.get(`/automation/audit-log?target_id=${String(job['id'])}`);
    expect(items).toMatchObject([{ action: 'job.created', actor: { kind: 'jwt', id: 'auditor' } }]);
  });

  test('while its keys cannot be fetched the answer is 503, and no 401', async () => {
    const away = await startTestIssuer();
    away.setReachable(false);
    const other = await startTestApi(away.settings);
    const client = other.client(await away.sign({ account_id: 'admin', scope: 'read' }));
    expect(await client.get('/automation/jobs')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { code: 'UNAVAILABLE', message: 'the keys of tokens are not available, try again' },
    });
    away.setReachable(true);
    await waitUntil(async () => (await client.get('/automation/jobs')).status === 200);
    await other.stop();
    await away.close();
  });
});

/** All of an answer but for when it was given. */
async function rawAnswer(authorization: string) {
  const response: Response = await request(api.url)
    .get('/automation/jobs')
    .set({ Authorization: authorization, 'X-Request-Id': 'same' });
  const { date: _date, ...headers } = response.headers;
  return { status: response.status, headers, text: response.text };
}

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

async function unsigned(): Promise<string> {
  const [, claims] = (await sign()).split('.');
  return `${encode({ alg: 'none' })}.${claims}.`;
}

async function otherAlgorithm(): Promise<string> {
  const [, claims, signature] = (await sign()).split('.');
  return `${encode({ alg: 'RS256', kid: '1' })}.${claims}.${signature}`;
}

/** Signed with what everybody may know. */
async function signedByPublicKey(): Promise<string> {
  const [, claims] = (await sign()).split('.');
  const content = `${encode({ alg: 'HS256', kid: '1' })}.${claims}`;
  const keys = await (await fetch(issuer.settings.JWT_JWKS_URL)).text();
  return `${content}.${createHmac('sha256', keys).update(content).digest('base64url')}`;
}

async function revokedKey(): Promise<string> {
  const { body } = await api.admin.post(`/accounts/${accountId}/api-keys`, { name: 'revoked' });
  await api.admin.delete(`/accounts/${accountId}/api-keys/${String(body['id'])}`);
  return String(body['key']);
}

async function expiredKey(): Promise<string> {
  const { body } = await api.admin.post(`/accounts/${accountId}/api-keys`, { name: 'expired' });
  await api.store.pool.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [body['id']]);
  return String(body['key']);
}

async function tampered(): Promise<string> {
  const [header, , signature] = (await sign()).split('.');
  const claims = { account_id: 'admin', permissions: 'admin', sub: 'x', exp: inSeconds(300) };
  return `${header}.${encode(claims)}.${signature}`;
}

describe('every refusal of a credential is the same 401, byte for byte (SPEC 5)', () => {
  test.each<[string, () => string | Promise<string>]>([
    ['a revoked API key', revokedKey],
    ['an expired API key', expiredKey],
    ['a signature of another key', () => stranger.sign({ account_id: accountId, permissions: 'admin' })],
    ['claims that were changed', tampered],
    ['no signature', unsigned],
    ['a shared secret', signedByPublicKey],
    ['an unknown key', () => sign({}, { kid: 'unknown' })],
    ['an algorithm that is not of its key', otherAlgorithm],
    ['another issuer', () => sign({ iss: 'https://other.example' })],
    ['another audience', () => sign({ aud: 'other' })],
    ['no audience', () => sign({ aud: undefined })],
    ['an expired token', () => sign({ exp: inSeconds(-10) })],
    ['a token that never expires', () => sign({ exp: undefined })],
    ['a token of tomorrow', () => sign({ nbf: inSeconds(86_400) })],
    ['no subject', () => sign({ sub: undefined })],
    ['a subject of several lines', () => sign({ sub: 'a\nb' })],
    ['no account', () => sign({ account_id: undefined })],
    ['an account that is no text', () => sign({ account_id: ['admin'] })],
    ['an account that does not exist', () => sign({ account_id: 'nobody' })],
    ['a token without its end', async () => (await sign()).slice(0, -10)],
    ['what looks like a token', () => 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA'],
    ['what hardly does', () => 'eyJ.eyJ.'],
    ['an empty credential', () => ''],
  ])('%s', async (_what, credential) => {
    const refused = await rawAnswer(`Bearer ${await credential()}`);
    expect(refused.status).toBe(401);
    expect(refused).toEqual(await rawAnswer('Bearer ak_unknown'));
  });

  test('why a token was refused is in the log at debug, and the token is not', async () => {
    const token = await sign({ aud: 'other' });
    await rawAnswer(`Bearer ${token}`);
    expect(logger.lines).toContainEqual({
      level: 'debug',
      message: 'token refused',
      fields: { reason: 'ERR_JWT_CLAIM_VALIDATION_FAILED' },
    });
    expect(JSON.stringify(logger.lines)).not.toContain(token);
  });
});
