import { createJob, nextPageOf, startTestApi, type Tenant, type TestApi } from '../api.fixture.ts';

let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi();
});

beforeEach(async () => {
  tenant = await api.newTenant();
});

afterAll(() => api.stop());

const URL_OF_NOBODY = 'http://127.0.0.1:9/';

async function create(fields: object = {}): Promise<Record<string, unknown>> {
  const { status, body } = await tenant.post('/functions', { name: 'fn', url: URL_OF_NOBODY, ...fields });
  expect(status).toBe(201);
  return body;
}

const pathOf = (fn: Record<string, unknown>) => `/functions/${String(fn['id'])}`;

function withoutSecret({ secret, ...fn }: Record<string, unknown>): Record<string, unknown> {
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  return fn;
}

const failed = (fault: string) => `function validation failed: ${fault}`;

describe('POST /functions', () => {
  test('answers the function with its secret, which no other answer shows (SPEC 5)', async () => {
    const answer = await tenant.post('/functions', { name: ' Mailer ', url: URL_OF_NOBODY });
    expect({ status: answer.status, location: answer.headers['location'] }).toEqual({
      status: 201,
      location: pathOf(answer.body),
    });
    expect(Object.entries(answer.body)).toEqual([
      ['id', expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)],
      ['account_id', tenant.accountId],
      ['name', 'Mailer'],
      ['url', URL_OF_NOBODY],
      ['headers', {}],
      ['timeout_seconds', 30],
      ['created_at', expect.stringMatching(/Z$/)],
      ['updated_at', answer.body['created_at']],
      ['secret', expect.stringMatching(/^whsec_/)],
    ]);
    const shown = withoutSecret(answer.body);
    expect((await tenant.get(pathOf(shown))).body).toEqual(shown);
    expect((await tenant.get('/functions')).items).toEqual([shown]);
    expect((await tenant.patch(pathOf(shown), {})).body).not.toHaveProperty('secret');
    expect((await tenant.delete(pathOf(shown))).body).not.toHaveProperty('secret');
  });

  test('two functions may have the same name, and have secrets of their own', async () => {
    const [one, other] = [await create(), await create()];
    expect(one['id']).not.toBe(other['id']);
    expect(one['secret']).not.toBe(other['secret']);
  });

  test.each<[string, unknown, string]>([
    ['name', undefined, 'required: name'],
    ['name', '', 'required: name'],
    ['url', undefined, 'required: url'],
    ['url', 7, 'url must be a string, got 7'],
    ['url', 'not a url', failed('url must be an absolute URL')],
    ['url', 'ftp://example.com/', failed('url must use http or https')],
    ['url', 'http://me:secret@example.com/', failed('url must not contain a user name or password')],
    ['url', 'http://x/\0', 'url must be Unicode text without control characters, got "http://x/\\u0000"'],
    ['timeout_seconds', 0, 'timeout_seconds must be greater than or equal to 1, got 0'],
    ['timeout_seconds', 901, 'timeout_seconds must be less than or equal to 900, got 901'],
    ['secret', 'whsec_AAAA', 'unknown field: secret'],
    ['headers', ['a'], 'headers must be of type object, got an array'],
    ['headers', { 'a b': 'x' }, 'headers: "a b" is not the name of an HTTP header'],
    ['headers', { '': 'x' }, 'headers: "" is not the name of an HTTP header'],
    ['headers', { 'Content-Type': 'x' }, 'headers: Content-Type is set by the service itself'],
    ['headers', { 'Webhook-Signature': 'x' }, 'headers: Webhook-Signature is set by the service itself'],
    ['headers', { 'x-automation-job': 'x' }, 'headers: x-automation-job is set by the service itself'],
    ['headers', { A: '1', a: '2' }, 'headers: the same name is given twice in different case'],
  ])('%s %j is refused', async (field, value, message) => {
    const valid = { name: 'fn', url: URL_OF_NOBODY };
    const { status, body } = await tenant.post('/functions', { ...valid, [field]: value });
    expect({ status, body }).toMatchObject({ status: 400, body: { message, details: [{ field, message }] } });
  });

  test('a header value names its header when it is refused', async () => {
    const message =
      'headers.X-Note must be at most 4096 characters of ASCII on one line, got "a\\r\\nInjected: yes"';
    const headers = { 'X-Note': 'a\r\nInjected: yes' };
    expect(await tenant.post('/functions', { name: 'fn', url: URL_OF_NOBODY, headers })).toMatchObject({
      status: 400,
      body: { message, details: [{ field: 'headers.X-Note', message }] },
    });
  });
});

describe('the other routes', () => {
  test('the list is newest first and paged', async () => {
    const made = [];
    for (const name of ['one', 'two', 'three']) made.unshift(withoutSecret(await create({ name })));
    const first = await tenant.get('/functions?limit=2');
    expect(first.items).toEqual(made.slice(0, 2));
    const second = await tenant.get(nextPageOf(first) ?? '');
    expect({ items: second.items, link: second.headers['link'] }).toEqual({
      items: made.slice(2),
      link: undefined,
    });
  });

  test('a page of large functions ends early, and says that others follow', async () => {
    const made = [];
    for (let n = 0; n < 3; n += 1) made.unshift((await create())['id']);
    await api.store.pool.query(
      `UPDATE functions SET headers = jsonb_build_object('X-Large', repeat('x', 3000000)) WHERE account_id = $1`,
      [tenant.accountId],
    );
    const first = await tenant.get('/functions');
    const second = await tenant.get(nextPageOf(first) ?? '');
    expect([first, second].map(({ items }) => items.map(({ id }) => id))).toEqual([
      made.slice(0, 2),
      made.slice(2),
    ]);
    expect(nextPageOf(second)).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ['name', 'renamed'],
    ['url', 'https://example.com/hook?x=1'],
    ['headers', { Authorization: 'Bearer x', 'X-Empty': '' }],
    ['timeout_seconds', 900],
  ])('PATCH changes %s and nothing else', async (field, value) => {
    const fn = withoutSecret(await create());
    const { status, body } = await tenant.patch(pathOf(fn), { [field]: value });
    expect({ status, body }).toEqual({
      status: 200,
      body: { ...fn, [field]: value, updated_at: body['updated_at'] },
    });
    expect((await tenant.get(pathOf(fn))).body).toEqual(body);
  });

  test('PATCH applies all fields or none', async () => {
    const fn = withoutSecret(await create());
    for (const patch of [
      { name: 'new', timeout_seconds: 0 },
      { name: 'new', url: 'nonsense' },
    ]) {
      expect((await tenant.patch(pathOf(fn), patch)).status).toBe(400);
    }
    expect((await tenant.get(pathOf(fn))).body).toEqual(fn);
  });

  test('DELETE is refused while an enabled job uses the function, and answers it otherwise', async () => {
    const job = await createJob(tenant);
    const path = `/functions/${String(job['function_id'])}`;
    expect(await tenant.delete(path)).toMatchObject({
      status: 409,
      body: {
        code: 'CONFLICT',
        message: `function ${String(job['function_id'])} is used by enabled jobs: disable them or give them another function`,
      },
    });
    const fn = await tenant.get(path);
    expect(fn.status).toBe(200);
    await tenant.delete(`/automation/jobs/${String(job['id'])}`);
    expect(await tenant.delete(path)).toMatchObject({ status: 200, body: fn.body });
    expect((await tenant.get(path)).status).toBe(404);
    expect((await tenant.delete(path)).status).toBe(404);
  });

  test('a function is not deleted under a job that is being created with it', async () => {
    const fn = await create();
    const [job, deletion] = await Promise.all([
      tenant.post('/automation/jobs', { function_id: fn['id'], name: 'racing', schedule: '@daily' }),
      tenant.delete(pathOf(fn)),
    ]);
    expect([
      [201, 409],
      [400, 200],
    ]).toContainEqual([job.status, deletion.status]);
  });

  test('rotating gives a new secret, shown that once', async () => {
    const fn = await create();
    const { status, body } = await tenant.post(`${pathOf(fn)}/rotate-secret`);
    expect(status).toBe(200);
    expect(body['secret']).not.toBe(fn['secret']);
    expect(withoutSecret(body)).toEqual({ ...withoutSecret(fn), updated_at: body['updated_at'] });
    expect((await tenant.get(pathOf(fn))).body).not.toHaveProperty('secret');
  });

  test.each([-1, 604_801, 1.5, 'long'])('rotating with overlap_seconds %j is refused', async (overlap) => {
    const fn = await create();
    const { status, body } = await tenant.post(`${pathOf(fn)}/rotate-secret`, { overlap_seconds: overlap });
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { details: [{ field: 'overlap_seconds' }] },
    });
  });
});

test('FUNCTION_PORTS and FUNCTION_HTTP say what else a public function may have', async () => {
  const lenient = await startTestApi({
    FUNCTION_NETWORK: 'public',
    FUNCTION_PORTS: '80, 9000',
    FUNCTION_HTTP: 'allowed',
  });
  const post = async (url: string) => (await lenient.admin.post('/functions', { name: 'fn', url })).status;
  expect(await post('http://example.com/')).toBe(201);
  expect(await post('https://example.com:9000/')).toBe(201);
  expect(await post('https://example.com/')).toBe(400);
  expect(await post('http://127.0.0.1/')).toBe(400);
  await lenient.stop();
});

describe('FUNCTION_NETWORK=public (SPEC 6)', () => {
  let guarded: TestApi;

  beforeAll(async () => {
    guarded = await startTestApi({ FUNCTION_NETWORK: 'public' });
  });

  afterAll(() => guarded.stop());

  test.each([
    ['https://127.0.0.1/', 'address of 127.0.0.1 is not public'],
    ['https://localhost:8443/', 'address of localhost is not public'],
    ['https://10.0.0.1/', 'address of 10.0.0.1 is not public'],
    ['https://[::1]/', 'address of [::1] is not public'],
    ['https://0x7f.1/', 'address of 127.0.0.1 is not public'],
    ['https://metadata.google.internal/', 'address of metadata.google.internal is not public'],
    ['http://example.com/', 'url must use https'],
    ['https://example.com:22/', 'url must use one of the ports 443, 8443; got 22'],
  ])('%s is refused on create and change', async (url, fault) => {
    const fn = await guarded.admin.post('/functions', { name: 'fn', url: 'https://example.com/' });
    for (const { status, body } of [
      await guarded.admin.post('/functions', { name: 'fn', url }),
      await guarded.admin.patch(pathOf(fn.body), { url }),
    ]) {
      const message = failed(fault);
      expect({ status, body }).toMatchObject({
        status: 400,
        body: { message, details: [{ field: 'url', message }] },
      });
    }
  });
});
