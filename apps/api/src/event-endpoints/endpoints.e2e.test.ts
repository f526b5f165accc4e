import { nextPageOf, startTestApi, type Tenant, type TestApi } from '../api.fixture.ts';

let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi();
});

beforeEach(async () => {
  tenant = await api.newTenant();
});

afterAll(() => api.stop());

const PATH = '/automation/event-endpoints';
const URL_OF_NOBODY = 'http://127.0.0.1:9/';

async function create(fields: object = {}): Promise<Record<string, unknown>> {
  const { status, body } = await tenant.post(PATH, { url: URL_OF_NOBODY, ...fields });
  expect(status).toBe(201);
  return body;
}

const pathOf = (endpoint: Record<string, unknown>) => `${PATH}/${String(endpoint['id'])}`;

function withoutSecret({ secret, ...endpoint }: Record<string, unknown>): Record<string, unknown> {
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  return endpoint;
}

describe('POST', () => {
  test('answers the endpoint with its secret, which no other answer shows (SPEC 5)', async () => {
    const { status, headers, body } = await tenant.post(PATH, { url: URL_OF_NOBODY, types: ['job.*'] });
    expect({ status, location: headers['location'] }).toEqual({ status: 201, location: pathOf(body) });
    expect(Object.entries(body)).toEqual([
      ['id', expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)],
      ['account_id', tenant.accountId],
      ['url', URL_OF_NOBODY],
      ['types', ['job.*']],
      ['enabled', true],
      ['disabled_reason', null],
      ['delivered_position', expect.any(Number)],
      ['failed_attempts', 0],
      ['failing_since', null],
      ['last_error', null],
      ['next_attempt_at', null],
      ['created_at', expect.stringMatching(/Z$/)],
      ['updated_at', body['created_at']],
      ['secret', expect.stringMatching(/^whsec_/)],
    ]);
    const shown = withoutSecret(body);
    expect((await tenant.get(pathOf(shown))).body).toEqual(shown);
    expect((await tenant.get(PATH)).items).toEqual([shown]);
    expect((await tenant.patch(pathOf(shown), {})).body).not.toHaveProperty('secret');
    expect((await tenant.delete(pathOf(shown))).body).not.toHaveProperty('secret');
  });

  test('without types it is sent everything', async () => {
    expect(await create()).toMatchObject({ types: ['job.*', 'execution.*'] });
  });

  test.each<[string, unknown, string]>([
    ['url', undefined, 'required: url'],
    ['url', 'not a url', 'url must be an absolute URL'],
    ['url', 'ftp://example.com/', 'url must use http or https'],
    ['url', 'http://me:secret@example.com/', 'url must not contain a user name or password'],
    ['types', [], 'types must contain at least 1 items'],
    ['types.0', ['job.exploded'], 'must be one of'],
    ['secret', 'whsec_AAAA', 'unknown field: secret'],
  ])('%s %j is refused', async (field, value, message) => {
    const fields = { url: URL_OF_NOBODY, [field.replace('.0', '')]: value };
    const { status, body } = await tenant.post(PATH, fields);
    expect({ status, body }).toMatchObject({ status: 400, body: { details: [{ field }] } });
    expect(body['message']).toContain(message);
  });

  test('an account has twenty at most, however many it asks for at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 22 }, () => tenant.post(PATH, { url: URL_OF_NOBODY })),
    );
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(2);
    for (const { status, body } of refused) {
      expect({ status, body }).toMatchObject({
        status: 409,
        body: { message: expect.stringContaining('20 event endpoints') },
      });
    }
  });
});

describe('the other routes', () => {
  test('the list is newest first and paged', async () => {
    const made = [];
    for (let n = 0; n < 3; n += 1) made.unshift(withoutSecret(await create()));
    const first = await tenant.get(`${PATH}?limit=2`);
    expect(first.items).toEqual(made.slice(0, 2));
    const second = await tenant.get(nextPageOf(first) ?? '');
    expect({ items: second.items, link: second.headers['link'] }).toEqual({
      items: made.slice(2),
      link: undefined,
    });
  });

  test.each<[string, unknown]>([
    ['url', 'https://example.com/hook?x=1'],
    ['types', ['execution.failed', 'job.paused']],
    ['enabled', false],
  ])('PATCH changes %s and nothing else', async (field, value) => {
    const endpoint = withoutSecret(await create());
    const { status, body } = await tenant.patch(pathOf(endpoint), { [field]: value });
    expect({ status, body }).toEqual({
      status: 200,
      body: { ...endpoint, [field]: value, updated_at: body['updated_at'] },
    });
    expect((await tenant.get(pathOf(endpoint))).body).toEqual(body);
  });

  test('enabling one that the service has disabled is a new start', async () => {
    const endpoint = withoutSecret(await create());
    await api.store.pool.query(
      `UPDATE automation_event_endpoints SET enabled = false, disabled_reason = 'the endpoint answered 410 Gone',
              attempts = 3, failing_since = now(), last_error = 'HTTP 410 Gone', next_attempt_at = now()
       WHERE id = $1`,
      [endpoint['id']],
    );
    expect((await tenant.get(pathOf(endpoint))).body).toMatchObject({
      enabled: false,
      disabled_reason: 'the endpoint answered 410 Gone',
      failed_attempts: 3,
      last_error: 'HTTP 410 Gone',
    });
    const { body } = await tenant.patch(pathOf(endpoint), { enabled: true });
    expect(body).toEqual({ ...endpoint, updated_at: body['updated_at'] });
  });

  test('rotating gives a new secret, shown that once', async () => {
    const endpoint = await create();
    const { status, body } = await tenant.post(`${pathOf(endpoint)}/rotate-secret`);
    expect(status).toBe(200);
    expect(body['secret']).not.toBe(endpoint['secret']);
    expect(withoutSecret(body)).toEqual({ ...withoutSecret(endpoint), updated_at: body['updated_at'] });
  });

  test('a deleted endpoint is not there any more', async () => {
    const endpoint = await create();
    expect((await tenant.delete(pathOf(endpoint))).status).toBe(200);
    expect((await tenant.get(pathOf(endpoint))).status).toBe(404);
    expect((await tenant.delete(pathOf(endpoint))).status).toBe(404);
    expect((await tenant.get(PATH)).items).toEqual([]);
  });

  test("another account's endpoint is not found", async () => {
    const path = pathOf(await create());
    const stranger = await api.newTenant();
    const answers = [
      await stranger.get(path),
      await stranger.patch(path, { enabled: false }),
      await stranger.post(`${path}/rotate-secret`),
      await stranger.delete(path),
      await stranger.get(`${PATH}/no-id`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    expect((await stranger.get(PATH)).items).toEqual([]);
    expect((await tenant.get(path)).body).toMatchObject({ enabled: true });
  });
});

test('FUNCTION_NETWORK=public holds for endpoints as for functions (SPEC 6)', async () => {
  const guarded = await startTestApi({ FUNCTION_NETWORK: 'public' });
  const answers = await Promise.all(
    ['https://127.0.0.1/', 'http://example.com/'].map((url) => guarded.admin.post(PATH, { url })),
  );
  expect(answers).toMatchObject([
    { status: 400, body: { details: [{ field: 'url', message: 'address of 127.0.0.1 is not public' }] } },
    { status: 400, body: { details: [{ field: 'url', message: 'url must use https' }] } },
  ]);
  await guarded.stop();
});
