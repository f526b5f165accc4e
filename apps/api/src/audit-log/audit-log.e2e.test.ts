import { auditLogEntry, BY_SERVICE } from '@automation/domain';
import { auditLog } from '@automation/store';
import { unique } from '@automation/testing';

import { type Client, nextPageOf, startTestApi, type TestApi } from '../api.fixture.ts';
import { startTestIssuer, type TestIssuer } from '../auth/test-issuer.fixture.ts';
import { newOwner, type Owner } from './owner.fixture.ts';

let issuer: TestIssuer;
let api: TestApi;
let owner: Owner;

beforeAll(async () => {
  issuer = await startTestIssuer();
  api = await startTestApi({ ...issuer.settings });
});

beforeEach(async () => {
  owner = await newOwner(api);
});

afterAll(async () => {
  await api.stop();
  await issuer.close();
});

const LOG = '/automation/audit-log';

async function entries(query = '', client: Client = owner): Promise<Record<string, unknown>[]> {
  const answer = await client.get(`${LOG}${query}`);
  expect(answer.status).toBe(200);
  return answer.items;
}

/** The newest entry of a thing. */
const newest = async (target: string | undefined) => (await entries(`?target_id=${target}&limit=1`))[0];

const jobPath = () => `/automation/jobs/${owner.ids['jobs']}`;
const functionPath = () => `/functions/${owner.ids['functions']}`;

test('an entry says who changed what, when, from where, and what it was before', async () => {
  await owner.patch(jobPath(), { schedule: '@daily' }, { 'X-Request-Id': 'a-request' });
  const job = await owner.get(jobPath());
  expect(await newest(owner.ids['jobs'])).toEqual({
    id: expect.any(String),
    at: job.body['updated_at'],
    account_id: owner.accountId,
    actor: { kind: 'api_key', id: owner.keyId },
    action: 'job.updated',
    target: { type: 'job', id: owner.ids['jobs'] },
    before: { schedule: '@hourly' },
    after: { schedule: '@daily' },
    request_id: 'a-request',
    client_address: '127.0.0.1',
  });
});

test('the address is that of the connection, whatever the client says of it', async () => {
  await owner.patch(jobPath(), { description: 'x' }, { 'X-Forwarded-For': '203.0.113.9' });
  expect(await newest(owner.ids['jobs'])).toMatchObject({ client_address: '127.0.0.1' });
});

test('who shows a token is known by its subject', async () => {
  const token = await issuer.sign({ account_id: owner.accountId, scope: 'write', sub: 'user-1' });
  await api.client(token).patch(jobPath(), { description: 'x' });
  const entry = await newest(owner.ids['jobs']);
  expect(entry).toMatchObject({ actor: { kind: 'jwt', id: 'user-1' }, account_id: owner.accountId });
  expect(JSON.stringify(entry)).not.toContain(token);
});

describe('of a job', () => {
  test('a creation has all that the user said, payload and metadata included, and not what its runs make of it', async () => {
    const { body } = await owner.post('/automation/jobs', {
      function_id: owner.ids['functions'],
      name: 'report',
      schedule: '@daily',
      payload: { region: 'north' },
      metadata: { team: 'blue' },
    });
    const entry = await newest(String(body['id']));
    expect(entry).toMatchObject({
      action: 'job.created',
      at: body['created_at'],
      before: null,
      after: {
        name: 'report',
        schedule: '@daily',
        payload: { region: 'north' },
        metadata: { team: 'blue' },
        enabled: true,
        status: 'active',
        status_reason: null,
      },
    });
    for (const field of ['run_count', 'next_run', 'updated_at'])
      expect(entry?.['after']).not.toHaveProperty(field);
  });

  test('a change has the fields that it changed, as they were and as they are', async () => {
    await owner.patch(jobPath(), { payload: { a: 1, b: { c: [2] } } });
    await owner.patch(jobPath(), { payload: { b: { c: [2] }, a: 1 }, max_runs: 7, description: '' });
    expect(await newest(owner.ids['jobs'])).toMatchObject({
      before: { max_runs: 0 },
      after: { max_runs: 7 },
    });
    expect((await newest(owner.ids['jobs']))?.['before']).toEqual({ max_runs: 0 });
  });

  test('one request is one entry, named after the most that it did', async () => {
    await owner.delete(jobPath());
    await owner.patch(jobPath(), { enabled: true, name: unique('renamed') });
    await owner.patch(jobPath(), { enabled: false });
    await owner.patch(jobPath(), { end_at: '2001-01-01T00:00:00Z' });
    const ofJob = await entries(`?target_id=${owner.ids['jobs']}&limit=4`);
    expect(ofJob.map(({ action }) => action).toReversed()).toEqual([
      'job.disabled',
      'job.enabled',
      'job.disabled',
      'job.completed',
    ]);
    expect(ofJob[2]).toMatchObject({
      before: { enabled: false, status: 'paused', name: expect.any(String) },
      after: { enabled: true, status: 'active', name: expect.stringContaining('renamed') },
    });
    expect(ofJob[0]).toMatchObject({
      after: {
        status: 'completed',
        status_reason: expect.stringContaining('end_at'),
        end_at: '2001-01-01T00:00:00Z',
      },
    });
  });

  test('a PATCH that says nothing leaves none', async () => {
    const before = await entries();
    await owner.patch(jobPath(), {});
    expect(await entries()).toEqual(before);
  });

  test('one that is refused after the job was read leaves none', async () => {
    const before = await entries();
    expect((await owner.patch(jobPath(), { name: 'x' }, { 'If-Match': '"0"' })).status).toBe(412);
    expect((await owner.patch(jobPath(), { schedule: '99 * * * *' })).status).toBe(400);
    expect(await entries()).toEqual(before);
  });

  test('a run names its execution', async () => {
    const { body } = await owner.post(`${jobPath()}/run`);
    expect(await newest(owner.ids['jobs'])).toMatchObject({
      action: 'job.run',
      before: null,
      after: { execution_id: body['id'] },
    });
  });
});

describe('of a function', () => {
  test('header values and what comes after the path of its URL are hidden', async () => {
    const { body } = await owner.post('/functions', {
      name: 'fn',
      url: 'http://127.0.0.1:9/hook?token=x#top',
      headers: { Authorization: 'Bearer x' },
    });
    expect(await newest(String(body['id']))).toMatchObject({
      after: {
        name: 'fn',
        url: 'http://127.0.0.1:9/hook?[hidden]',
        headers: { Authorization: '[hidden]' },
        timeout_seconds: 30,
      },
    });
  });

  test('of its headers those that were changed are named', async () => {
    await owner.patch(functionPath(), { headers: { Same: 's', Other: 'o', Dropped: 'd' } });
    await owner.patch(functionPath(), { name: 'named', headers: { Same: 's', Other: 'x', Added: 'a' } });
    const { before, after } = (await newest(owner.ids['functions']))!;
    expect(before).toEqual({ name: 'unused', headers: { Other: '[hidden]', Dropped: '[hidden]' } });
    expect(after).toEqual({ name: 'named', headers: { Other: '[hidden]', Added: '[hidden]' } });
  });

  test('headers that stay as they are are not told of', async () => {
    await owner.patch(functionPath(), { timeout_seconds: 5 });
    expect((await newest(owner.ids['functions']))?.['after']).toEqual({ timeout_seconds: 5 });
  });

  test('a rotation tells until when the old secret signs', async () => {
    await owner.post(`${functionPath()}/rotate-secret`, { overlap_seconds: 0 });
    expect((await newest(owner.ids['functions']))?.['after']).toEqual({ previous_secret_until: null });
  });

  test('one that cannot be deleted leaves no entry', async () => {
    const job = await owner.get(jobPath());
    const used = String(job.body['function_id']);
    expect((await owner.delete(`/functions/${used}`)).status).toBe(409);
    expect(await newest(used)).toMatchObject({ action: 'function.created' });
  });
});

describe('of accounts and keys', () => {
  test('what the service makes at its start is in its own name', async () => {
    const ofStart = await entries('?limit=1000', api.admin);
    expect(new Set(ofStart.slice(-2).map(({ action }) => action))).toEqual(
      new Set(['account.created', 'api_key.created']),
    );
    for (const entry of ofStart.slice(-2)) {
      expect(entry).toMatchObject({
        actor: { kind: 'service', id: 'service' },
        request_id: null,
        client_address: null,
      });
    }
  });

  test('what an operator makes for an account is in the log of that account', async () => {
    const [, , oldest] = (await entries()).toReversed();
    expect(oldest).toMatchObject({ action: 'api_key.created', account_id: owner.accountId });
    expect((await entries()).at(-1)).toMatchObject({
      action: 'account.created',
      target: { type: 'account', id: owner.accountId },
      after: { name: owner.accountId },
    });
    const byOperators = await entries('?limit=1000', api.admin);
    expect(new Set(byOperators.map((entry) => entry['account_id']))).toEqual(new Set(['admin']));
  });

  test('a key is told by its name, scopes and expiry', async () => {
    const expiry = '2100-01-01T00:00:00Z';
    const path = `/accounts/${owner.accountId}/api-keys`;
    const { body } = await owner.post(path, { name: 'reader', scopes: ['read'], expires_at: expiry });
    const id = String(body['id']);
    expect((await newest(id))?.['after']).toEqual({ name: 'reader', scopes: ['read'], expires_at: expiry });
    const revoked = await owner.delete(`${path}/${id}`);
    expect(await newest(id)).toMatchObject({
      action: 'api_key.revoked',
      before: { revoked_at: null },
      after: { revoked_at: revoked.body['revoked_at'] },
    });
  });
});

describe('the list', () => {
  test('is newest first, page after page, with the filters kept', async () => {
    for (const description of ['1', '2', '3']) await owner.patch(jobPath(), { description });
    const first = await owner.get(
      `${LOG}?limit=2&action=job.updated&from=2026-01-01T00:00:00Z&to=2999-01-01T00:00:00Z`,
    );
    expect(first.items.map(({ after }) => after)).toEqual([{ description: '3' }, { description: '2' }]);
    const second = await owner.get(nextPageOf(first) ?? '');
    expect(second.items.map(({ after }) => after)).toEqual([{ description: '1' }]);
    expect(nextPageOf(second)).toBeUndefined();
  });

  test('has pages that end early if their entries are large, and say that others follow', async () => {
    const change = { action: 'job.updated', accountId: owner.accountId, targetId: 'large' } as const;
    const large = { payload: { text: 'x'.repeat(3_000_000) } };
    const written = [1, 2, 3].map((n) => {
      const after = { description: String(n) };
      return auditLogEntry(BY_SERVICE, { ...change, before: large, after }, new Date(Date.now() + n));
    });
    await api.store.db.transaction().execute((trx) => auditLog.record(trx, written));
    const first = await owner.get(`${LOG}?target_id=large`);
    const second = await owner.get(nextPageOf(first) ?? '');
    const told = [first, second].map(({ items }) => items.map(({ after }) => after));
    expect(told).toEqual([[{ description: '3' }, { description: '2' }], [{ description: '1' }]]);
    expect(nextPageOf(second)).toBeUndefined();
  });

  test('is of the span of time that is asked for', async () => {
    const [last, before] = await entries();
    const since = await entries(`?from=${String(last?.['at'])}`);
    expect(since[0]).toEqual(last);
    expect(since).not.toContainEqual(before);
    expect(await entries('?to=0001-01-01T00:00:00Z')).toEqual([]);
    expect(await entries('?from=9999-12-31T23:59:59Z')).toEqual([]);
  });

  test.each([
    ['action=job.deleted', 'action', /^action must be one of \[job\.created, .*got "job\.deleted"/],
    ['from=yesterday', 'from', /^from must be an RFC 3339 date and time/],
    ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'to', /^to must be later than from/],
    ['cursor=1', 'cursor', /^cursor must be a valid GUID/],
    ['limit=1001', 'limit', /^limit must be less than or equal to 1000/],
    ['actor=key', 'actor', /^unknown parameter: actor/],
  ])('refuses ?%s', async (query, field, message) => {
    const answer = await owner.get(`${LOG}?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { details: [{ field }] } });
    expect(answer.body['message']).toMatch(message);
  });

  test('is for keys with the scope admin', async () => {
    const tenant = await api.newTenant();
    expect(await tenant.get(LOG)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });
});

test("another account's entries are never seen, by target, by cursor or at all", async () => {
  const stranger = await newOwner(api);
  const [newestOfOwner] = await entries();
  const target = owner.ids['jobs'];
  expect(await entries(`?target_id=${target}`, stranger)).toEqual([]);
  for (const query of ['?limit=1000', `?limit=1000&cursor=${String(newestOfOwner?.['id'])}`]) {
    const seen = await entries(query, stranger);
    expect(new Set(seen.map((entry) => entry['account_id'])).size).toBeLessThanOrEqual(1);
    expect(JSON.stringify(seen)).not.toContain(owner.accountId);
  }
});
