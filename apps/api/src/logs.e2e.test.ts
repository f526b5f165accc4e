import { waitUntil, recordingLogger } from '@automation/testing';
import request, { type Response } from 'supertest';

import { ADMIN_KEY, createJob, startTestApi, type Tenant, type TestApi } from './api.fixture.ts';

const logger = recordingLogger();
let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi({}, { logger });
  tenant = await api.newTenant();
});

afterAll(() => api.stop());

const linesOf = (requestId: string) =>
  logger.lines.filter(({ fields }) => fields['request_id'] === requestId);

/** What was logged of a request, but for the request itself. */
const eventsOf = (requestId: string) => linesOf(requestId).filter(({ level }) => level !== 'debug');

const event = (message: string, requestId: string, fields: object) => ({
  level: 'info',
  message,
  fields: { ...fields, request_id: requestId },
});

const as = (requestId: string) => ({ 'X-Request-Id': requestId });

describe('the audit trail (the seed)', () => {
  test('every operation on a job is logged with its job, account, function and request', async () => {
    const job = await createJob(tenant);
    const path = `/automation/jobs/${String(job['id'])}`;
    const ids = { job_id: job['id'], account_id: tenant.accountId, function_id: job['function_id'] };
    const fresh = { function_id: job['function_id'], name: 'logged', schedule: '@daily' };
    const { body: made } = await tenant.post('/automation/jobs', fresh, as('create'));
    await tenant.patch(path, { description: 'changed' }, as('update'));
    await tenant.patch(path, { enabled: false }, as('disable'));
    await tenant.patch(path, { enabled: true }, as('enable'));
    await tenant.delete(path, as('delete'));
    const { body: execution } = await tenant.post(`${path}/run`, {}, as('run'));
    expect(eventsOf('create')).toEqual([
      event('job created', 'create', { ...ids, job_id: made['id'], enabled: true }),
    ]);
    expect(eventsOf('update')).toEqual([event('job updated', 'update', { ...ids, enabled: true })]);
    for (const [requestId, message, enabled] of [
      ['disable', 'job disabled', false],
      ['enable', 'job enabled', true],
      ['delete', 'job disabled', false],
    ] as const) {
      expect(eventsOf(requestId)).toEqual([
        event('job updated', requestId, { ...ids, enabled }),
        event(message, requestId, { ...ids, enabled }),
      ]);
    }
    expect(eventsOf('run')).toEqual([
      event('job run requested', 'run', { ...ids, execution_id: execution['id'] }),
    ]);
  });

  test('so is what is done to accounts, keys and functions', async () => {
    const accountId = 'logged-account';
    await api.admin.post('/accounts', { id: accountId, name: 'n' }, as('account'));
    const path = `/accounts/${accountId}/api-keys`;
    const { body: key } = await api.admin.post(path, { name: 'k' }, as('key'));
    await api.admin.delete(`${path}/${String(key['id'])}`, as('revoke'));
    const { body: fn } = await tenant.post(
      '/functions',
      { name: 'f', url: 'http://127.0.0.1:9/' },
      as('function'),
    );
    const fnPath = `/functions/${String(fn['id'])}`;
    await tenant.patch(fnPath, { name: 'g' }, as('rename'));
    await tenant.post(`${fnPath}/rotate-secret`, {}, as('rotate'));
    await tenant.delete(fnPath, as('remove'));
    const requests = ['account', 'key', 'revoke', 'function', 'rename', 'rotate', 'remove'];
    const messages = requests.map((requestId) =>
      eventsOf(requestId).map(({ message, fields }) => [message, fields['account_id']]),
    );
    expect(messages).toEqual([
      [['account created', accountId]],
      [['api key created', accountId]],
      [['api key revoked', accountId]],
      [['function created', tenant.accountId]],
      [['function updated', tenant.accountId]],
      [['function secret rotated', tenant.accountId]],
      [['function deleted', tenant.accountId]],
    ]);
  });

  test('what was refused is no event', async () => {
    const job = await createJob(tenant);
    const path = `/automation/jobs/${String(job['id'])}`;
    await tenant.patch(path, { max_runs: -1 }, as('refused'));
    await tenant.patch(path, {}, as('refused'));
    await tenant.post('/automation/jobs', {}, as('refused'));
    expect(eventsOf('refused')).toEqual([]);
  });
});

test('each request is one DEBUG line with its method, path, status and time', async () => {
  await tenant.get('/automation/jobs?limit=1', as('traced'));
  await waitUntil(() => linesOf('traced').length > 0);
  expect(linesOf('traced')).toEqual([
    {
      level: 'debug',
      message: 'request answered',
      fields: {
        method: 'GET',
        path: '/automation/jobs',
        status: 200,
        duration_ms: expect.any(Number),
        request_id: 'traced',
      },
    },
  ]);
});

test('no line shows a key, a secret or a payload', async () => {
  const { body: fn } = await tenant.post('/functions', {
    name: 'f',
    url: 'http://127.0.0.1:9/',
    headers: { 'X-Token': 'hidden-header' },
  });
  const { body: rotated } = await tenant.post(`/functions/${String(fn['id'])}/rotate-secret`);
  await createJob(tenant, { payload: { pin: 'hidden-payload' } });
  const { body: key } = await api.admin.post(`/accounts/${tenant.accountId}/api-keys`, { name: 'k' });
  const log = JSON.stringify(logger.lines);
  const secrets = [fn['secret'], rotated['secret'], key['key'], ADMIN_KEY, tenant.key];
  for (const hidden of [...secrets, 'hidden-header', 'hidden-payload']) {
    expect(log).not.toContain(String(hidden));
  }
});

test('a fault of ours is an opaque 500; the log has it at ERROR, under the request id of the answer', async () => {
  await api.store.pool.query('ALTER TABLE functions RENAME TO functions_away');
  const response: Response = await request(api.url)
    .get('/functions')
    .set({ 'X-API-Key': tenant.key, 'X-Request-Id': 'at-fault' });
  await api.store.pool.query('ALTER TABLE functions_away RENAME TO functions');
  expect({ status: response.status, body: response.body }).toEqual({
    status: 500,
    body: {
      error: 'internal error',
      message: 'internal error',
      code: 'INTERNAL',
      request_id: 'at-fault',
    },
  });
  expect(eventsOf('at-fault')).toEqual([
    {
      level: 'error',
      message: 'request failed',
      fields: {
        error: expect.objectContaining({ message: 'relation "functions" does not exist' }),
        method: 'GET',
        path: '/functions',
        request_id: 'at-fault',
      },
    },
  ]);
  expect((await tenant.get('/functions')).status).toBe(200);
});
