import { createJob, startTestApi, statusesOf, type Tenant, type TestApi } from '../api.fixture.ts';

const MOST_JOBS = 5;

let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi({ MAX_JOBS_PER_ACCOUNT: String(MOST_JOBS) });
});

beforeEach(async () => {
  tenant = await api.newTenant();
});

afterAll(() => api.stop());

const at = (status: number, count: number) => Array<number>(count).fill(status);

const creatorOf = (functionId: unknown) => (name: string) =>
  tenant.post('/automation/jobs', { function_id: functionId, name, schedule: '@hourly' });

const newFunction = async () =>
  (await tenant.post('/functions', { name: 'fn', url: 'http://127.0.0.1:9/' })).body['id'];

describe('jobs of an account (SPEC 5)', () => {
  test('are limited, however many are asked for at once; one more is 409', async () => {
    const create = creatorOf(await newFunction());
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => create(`job ${n}`)));
    expect(statusesOf(answers)).toEqual([...at(201, MOST_JOBS), ...at(409, 15)]);
    expect((await create('one more')).body).toMatchObject({
      code: 'CONFLICT',
      message: `account ${tenant.accountId} has ${MOST_JOBS} jobs, the most that it may have`,
    });
    expect((await tenant.get('/automation/jobs')).items).toHaveLength(MOST_JOBS);
  });

  test('count while they are disabled, since they are kept', async () => {
    const create = creatorOf(await newFunction());
    for (let n = 0; n < MOST_JOBS; n += 1) {
      const { body } = await create(`job ${n}`);
      await tenant.delete(`/automation/jobs/${String(body['id'])}`);
    }
    expect(await create('one more')).toMatchObject({ status: 409 });
  });

  test('that are refused for anything else take no place', async () => {
    const create = creatorOf(await newFunction());
    await create('the same');
    for (let n = 0; n < MOST_JOBS; n += 1) expect(await create('THE SAME')).toMatchObject({ status: 409 });
    const elsewhere = creatorOf('unknown');
    for (let n = 0; n < MOST_JOBS; n += 1) expect(await elsewhere(`job ${n}`)).toMatchObject({ status: 400 });
    for (let n = 1; n < MOST_JOBS; n += 1) expect(await create(`job ${n}`)).toMatchObject({ status: 201 });
    expect(await create('one more')).toMatchObject({ status: 409 });
  });
});

test('functions of an account are limited to 1,000, and a deleted one makes room (SPEC 5)', async () => {
  const create = () => tenant.post('/functions', { name: 'fn', url: 'http://127.0.0.1:9/' });
  const { body } = await create();
  await api.store.pool.query(
    `INSERT INTO functions (id, account_id, name, url, headers, timeout_seconds, secret, created_at, updated_at)
     SELECT gen_random_uuid(), account_id, name, url, headers, timeout_seconds, secret, created_at, updated_at
     FROM functions, generate_series(1, 998) WHERE id = $1`,
    [body['id']],
  );
  const answers = await Promise.all(Array.from({ length: 10 }, create));
  expect(statusesOf(answers)).toEqual([201, ...at(409, 9)]);
  expect((await create()).body).toMatchObject({
    message: `account ${tenant.accountId} has 1000 functions, the most that it may have`,
  });
  await tenant.delete(`/functions/${String(body['id'])}`);
  expect(await create()).toMatchObject({ status: 201 });
});

test('API keys of an account that are valid are limited to 100, and a revoked one makes room (SPEC 5)', async () => {
  const path = `/accounts/${tenant.accountId}/api-keys`;
  const create = () => api.admin.post(path, { name: 'key' });
  await api.store.pool.query(
    `INSERT INTO api_keys (id, account_id, name, prefix, hash, scopes, created_at)
     SELECT gen_random_uuid(), account_id, name, prefix, uuid_send(gen_random_uuid()), scopes, created_at
     FROM api_keys, generate_series(1, 98) WHERE account_id = $1`,
    [tenant.accountId],
  );
  const made = await Promise.all(Array.from({ length: 10 }, create));
  expect(statusesOf(made)).toEqual([201, ...at(409, 9)]);
  const { body } = made.find(({ status }) => status === 201)!;
  await api.admin.delete(`${path}/${String(body['id'])}`);
  expect(await create()).toMatchObject({ status: 201 });
  expect(await create()).toMatchObject({
    status: 409,
    body: {
      message: expect.stringMatching(/ has 100 valid API keys, the most that it may have: revoke one$/),
    },
  });
});

const headersWith = (bytes: number) => ({
  a: 'x'.repeat(4_095),
  b: 'x'.repeat(4_095),
  c: 'x'.repeat(4_095),
  d: 'x'.repeat(bytes),
});

const createWithHeaders = (bytes: number) =>
  tenant.post('/functions', { name: 'fn', url: 'http://127.0.0.1:9/', headers: headersWith(bytes) });

test('headers of a function are limited to 16 KiB in all', async () => {
  expect(await createWithHeaders(4_095)).toMatchObject({ status: 201 });
  expect(await createWithHeaders(4_096)).toMatchObject({
    status: 400,
    body: {
      details: [
        { field: 'headers', message: expect.stringMatching(/^headers must not be larger than 16 KiB/) },
      ],
    },
  });
});

/** Sends the account's requests to a replica that takes so many bytes of changes a day. */
async function startTaking(bytes: number) {
  const replica = await api.startReplica({ ACCOUNT_BYTES_PER_DAY: String(bytes) });
  const send = (method: string, path: string, key: string, body?: string | ReadableStream) =>
    fetch(`${replica.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body, duplex: 'half' }),
    });
  return { send, stop: () => replica.stop() };
}

describe('what the changes of an account bring in a day', () => {
  const PREVIEW = '/automation/schedules/preview';
  const SCHEDULE = '{"schedule": "@daily"}';

  test('is limited by bytes, of which each change is at least a KiB, and the refusal says when to try again', async () => {
    const { send, stop } = await startTaking(4_096);
    const preview = () => send('POST', PREVIEW, tenant.key, SCHEDULE);
    const answers = [await preview(), await preview(), await preview()];
    expect(answers.map(({ status }) => status)).toEqual(at(200, 3));
    const refused = await preview();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      code: 'RATE_LIMITED',
      message: "more than 4096 bytes of the account's changes in a day, try again later",
    });
    expect(refused.headers.get('retry-after')).toMatch(/^86(3\d\d|400)$/);
    expect(refused.headers.get('ratelimit-policy')).toBe('"account-bytes";q=4096;w=86400');
    expect(refused.headers.get('ratelimit')).toMatch(/^"account-bytes";r=0;t=\d+$/);
    await stop();
  });

  test('is no limit to reading and to disabling a job, and none to other accounts', async () => {
    const path = `/automation/jobs/${String((await createJob(tenant))['id'])}`;
    const other = await api.newTenant();
    const { send, stop } = await startTaking(1_100);
    await send('POST', PREVIEW, tenant.key, SCHEDULE);
    expect(await send('PATCH', path, tenant.key, '{"description": "changed"}')).toMatchObject({
      status: 429,
    });
    expect(await send('GET', path, tenant.key)).toMatchObject({ status: 200 });
    expect(await send('DELETE', path, tenant.key)).toMatchObject({ status: 200 });
    expect(await send('POST', PREVIEW, other.key, SCHEDULE)).toMatchObject({ status: 200 });
    await stop();
  });

  test('takes a body that does not say how large it is for the largest that there may be', async () => {
    const { send, stop } = await startTaking(262_144);
    const chunked = await send('POST', PREVIEW, tenant.key, new Blob([SCHEDULE]).stream());
    expect(chunked.status).toBe(429);
    await stop();
  });
});

describe('storage (SPEC 5)', () => {
  test('that definitions alone exceed is 507 for more of them, and for nothing else', async () => {
    const job = await createJob(tenant);
    const full = await api.startReplica({ MAX_STORAGE_BYTES: '1' });
    const ask = async (method: string, path: string, body?: object) => {
      const response = await fetch(`${full.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${tenant.key}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json();
      return { status: response.status, body: answer };
    };
    const path = `/automation/jobs/${String(job['id'])}`;
    const definition = { function_id: job['function_id'], name: 'one more', schedule: '@daily' };
    expect(await ask('POST', '/automation/jobs', definition)).toMatchObject({
      status: 507,
      body: {
        code: 'STORAGE_QUOTA_EXCEEDED',
        message: expect.stringMatching(/^the storage quota is exceeded: /),
      },
    });
    expect(await ask('POST', '/functions', { name: 'fn', url: 'http://127.0.0.1:9/' })).toMatchObject({
      status: 507,
    });
    expect(await ask('POST', '/automation/event-endpoints', { url: 'http://127.0.0.1:9/' })).toMatchObject({
      status: 507,
    });
    expect(await ask('GET', path)).toMatchObject({ status: 200 });
    expect(await ask('PATCH', path, { description: 'changed' })).toMatchObject({ status: 200 });
    expect(await ask('POST', `${path}/run`)).toMatchObject({ status: 202 });
    expect(await ask('DELETE', path)).toMatchObject({ status: 200 });
    await full.stop();
  });
});
