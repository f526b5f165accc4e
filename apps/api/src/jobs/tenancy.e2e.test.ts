import { createJob, startTestApi, type Tenant, type TestApi } from '../api.fixture.ts';

let api: TestApi;
let owner: Tenant;
let stranger: Tenant;
let job: Record<string, unknown>;
let executionId: string;

beforeAll(async () => {
  api = await startTestApi();
  owner = await api.newTenant();
  stranger = await api.newTenant();
  job = await createJob(owner, { name: 'private name', payload: { pin: 'private payload' } });
  const run = await owner.post(`/automation/jobs/${String(job['id'])}/run`);
  executionId = String(run.body['id']);
});

afterAll(() => api.stop());

const UNKNOWN = '01a20d39-27c1-753f-87f4-75c6d5717b06';

type Method = 'get' | 'post' | 'patch' | 'delete';

/** Sends what would be right if the id were the caller's own. */
function send(client: Tenant, method: Method, path: string) {
  switch (method) {
    case 'get':
      return client.get(path);
    case 'delete':
      return client.delete(path);
    case 'patch':
      return client.patch(path, { name: 'taken over' });
    case 'post':
      return client.post(path);
  }
}

const JOB_ROUTES: [Method, string][] = [
  ['get', ''],
  ['patch', ''],
  ['delete', ''],
  ['post', '/run'],
  ['get', '/executions'],
  ['get', '/upcoming'],
  ['get', '/audit'],
];

test('the routes with a job id are all here', () => {
  const routes = api.document.operations.filter(({ path }) => path.startsWith('/automation/jobs/{id}'));
  const known = JOB_ROUTES.map(([method, rest]) => `${method} /automation/jobs/{id}${rest}`);
  expect(routes.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(known.toSorted());
});

describe.each(JOB_ROUTES)("%s /automation/jobs/{id}%s of another account's job", (method, rest) => {
  test('is 403 with the message of the seed, shows nothing and changes nothing (SPEC 5)', async () => {
    const answer = await send(stranger, method, `/automation/jobs/${String(job['id'])}${rest}`);
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual({
      error: 'forbidden',
      message: 'forbidden: job belongs to different account',
      code: 'FORBIDDEN',
      request_id: answer.headers['x-request-id'],
    });
    expect(answer.headers['etag']).toBeUndefined();
    const path = `/automation/jobs/${String(job['id'])}`;
    expect((await owner.get(path)).body).toEqual(job);
    expect((await owner.get(`${path}/executions`)).items).toHaveLength(1);
  });

  test('is 403 to an admin of another account, too', async () => {
    const admin = { ...api.admin, accountId: 'admin', key: '' };
    const answer = await send(admin, method, `/automation/jobs/${String(job['id'])}${rest}`);
    expect(answer).toMatchObject({
      status: 403,
      body: { message: 'forbidden: job belongs to different account' },
    });
  });

  test.each([UNKNOWN, 'job-123', 'a%00b', '%ff', '550e8400-e29b-41d4-a716-446655440000'])(
    'is 404 for the unknown id %s',
    async (id) => {
      const answer = await send(stranger, method, `/automation/jobs/${id}${rest}`);
      expect(answer).toMatchObject({ status: 404, body: { error: 'not found', code: 'NOT_FOUND' } });
    },
  );
});

test('an unknown id is named (SPEC 5)', async () => {
  const { body } = await stranger.get(`/automation/jobs/${UNKNOWN}`);
  expect(body['message']).toBe(`job ${UNKNOWN} not found`);
});

test("another account's job is in no list, whatever is asked for", async () => {
  for (const query of ['', '?q=private', `?function_id=${String(job['function_id'])}`]) {
    expect(await stranger.get(`/automation/jobs${query}`)).toMatchObject({ status: 200, items: [] });
  }
});

test("another account's job as a cursor shows nothing of it", async () => {
  const answer = await stranger.get(`/automation/jobs?cursor=${String(job['id'])}`);
  expect(answer).toMatchObject({ status: 200, items: [] });
});

test('a job is not made in the name of another account', async () => {
  const answer = await stranger.post('/automation/jobs', {
    account_id: owner.accountId,
    function_id: job['function_id'],
    name: 'planted',
    schedule: '@daily',
  });
  expect(answer).toMatchObject({
    status: 403,
    body: { message: `forbidden: account_id ${owner.accountId} is not the caller's account` },
  });
  expect((await owner.get('/automation/jobs?q=planted')).items).toEqual([]);
});

test("another account's execution is 403, an unknown one 404", async () => {
  expect(await stranger.get(`/automation/executions/${executionId}`)).toMatchObject({
    status: 403,
    body: { message: 'forbidden: execution belongs to different account', code: 'FORBIDDEN' },
  });
  for (const id of [UNKNOWN, 'exec-1', 'a%00b']) {
    expect((await stranger.get(`/automation/executions/${id}`)).status).toBe(404);
  }
});

describe("another account's function", () => {
  test.each<[Method, string]>([
    ['get', ''],
    ['patch', ''],
    ['delete', ''],
    ['post', '/rotate-secret'],
    ['post', '/test'],
  ])('is as unknown to %s /functions/{id}%s', async (method, rest) => {
    const before = await functionRow();
    const id = String(job['function_id']);
    const answer = await send(stranger, method, `/functions/${id}${rest}`);
    expect(answer).toMatchObject({ status: 404, body: { message: `function ${id} not found` } });
    expect(await functionRow()).toEqual(before);
    for (const unknown of [UNKNOWN, 'a%00b']) {
      expect((await send(stranger, method, `/functions/${unknown}${rest}`)).status).toBe(404);
    }
  });

  test('is in no list', async () => {
    expect((await stranger.get('/functions')).items).toEqual([]);
  });
});

async function functionRow(): Promise<unknown> {
  const { rows } = await api.store.pool.query<object>('SELECT * FROM functions WHERE id = $1', [
    job['function_id'],
  ]);
  expect(rows).toHaveLength(1);
  return rows[0];
}

describe('admin routes', () => {
  test('are all refused to a key with read and write, and to one with read', async () => {
    const reader = await api.admin.post(`/accounts/${owner.accountId}/api-keys`, {
      name: 'reader',
      scopes: ['read'],
    });
    const admins = api.document.operations.filter(({ path }) => path.startsWith('/accounts'));
    expect(admins).toHaveLength(6);
    for (const client of [owner, { ...owner, ...api.client(String(reader.body['key'])) }]) {
      for (const { method, path } of admins) {
        const own = path.replace('{id}', owner.accountId).replace('{key_id}', String(reader.body['id']));
        const answer = await send(client, methodOf(method), own);
        expect(answer).toMatchObject({
          status: 403,
          body: { code: 'FORBIDDEN', message: 'forbidden: the API key lacks the scope admin' },
        });
      }
    }
  });

  test('a key of another account is not found under an account, and stays valid', async () => {
    const { items } = await api.admin.get(`/accounts/${owner.accountId}/api-keys`);
    const path = `/accounts/${stranger.accountId}/api-keys/${String(items.at(-1)?.['id'])}`;
    expect((await api.admin.delete(path)).status).toBe(404);
    expect((await owner.get('/automation/jobs')).status).toBe(200);
  });

  test.each(['nobody', 'a%00b'])('an unknown account (%s) is 404', async (id) => {
    expect((await api.admin.get(`/accounts/${id}`)).status).toBe(404);
    expect((await api.admin.get(`/accounts/${id}/api-keys`)).status).toBe(404);
    expect((await api.admin.post(`/accounts/${id}/api-keys`, { name: 'k' })).status).toBe(404);
    expect((await api.admin.delete(`/accounts/${id}/api-keys/${UNKNOWN}`)).status).toBe(404);
  });
});

function methodOf(method: string): Method {
  const known = (['get', 'post', 'patch', 'delete'] as const).find((each) => each === method);
  if (known === undefined) throw new Error(`unknown method ${method}`);
  return known;
}
