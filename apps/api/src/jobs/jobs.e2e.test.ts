import {
  type Answer,
  createJob,
  nextPageOf,
  startTestApi,
  type Tenant,
  type TestApi,
} from '../api.fixture.ts';

let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi();
});

beforeEach(async () => {
  tenant = await api.newTenant();
});

afterAll(() => api.stop());

const HOUR = 3_600_000;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d\d\d)?Z$/;

const pathOf = (job: Record<string, unknown>) => `/automation/jobs/${String(job['id'])}`;
const namesOf = ({ items }: Answer) => items.map((job) => job['name']);

/** Changes a job's row behind the api's back. */
async function setRow(job: Record<string, unknown>, assignments: string): Promise<void> {
  await api.store.pool.query(`UPDATE automation_jobs SET ${assignments} WHERE id = $1`, [job['id']]);
}

describe('POST /automation/jobs', () => {
  test('answers 201 with every field of SPEC 1, in that order, with the defaults', async () => {
    const fn = await tenant.post('/functions', { name: 'fn', url: 'http://127.0.0.1:9/' });
    const seed = {
      function_id: fn.body['id'],
      name: 'Hourly Sync',
      description: 'Sync data every hour',
      schedule: '@hourly',
    };
    const { status, headers, body } = await tenant.post('/automation/jobs', seed);
    expect(status).toBe(201);
    expect(headers['location']).toBe(pathOf(body));
    expect(headers['etag']).toBe('"1"');
    const createdAt = Date.parse(String(body['created_at']));
    expect(Object.entries(body)).toEqual([
      ['id', expect.stringMatching(UUID_V7)],
      ['account_id', tenant.accountId],
      ['function_id', fn.body['id']],
      ['name', 'Hourly Sync'],
      ['description', 'Sync data every hour'],
      ['schedule', '@hourly'],
      ['status', 'active'],
      ['enabled', true],
      ['run_count', 0],
      ['max_runs', 0],
      ['last_run', null],
      ['next_run', new Date(Math.floor(createdAt / HOUR + 1) * HOUR).toISOString().replace('.000', '')],
      ['created_at', expect.stringMatching(INSTANT)],
      ['updated_at', body['created_at']],
      ['timezone', 'UTC'],
      ['payload', {}],
      ['overlap_policy', 'skip'],
      ['catch_up_policy', 'latest'],
      ['catch_up_window_seconds', 86_400],
      ['jitter_seconds', 0],
      ['start_at', null],
      ['end_at', null],
      ['retry_limit', 2],
      ['timeout_seconds', null],
      ['pause_after_failures', 0],
      ['consecutive_failures', 0],
      ['check_count', 0],
      ['metadata', {}],
    ]);
  });

  test('a job created with enabled false is paused and has no next_run (SPEC 1)', async () => {
    const job = await createJob(tenant, { enabled: false });
    expect(job).toMatchObject({ status: 'paused', enabled: false, next_run: null });
  });

  test("the name is trimmed, and the caller's own account_id may be given", async () => {
    const job = await createJob(tenant, { name: '  Trimmed \u3000', account_id: tenant.accountId });
    expect(job).toMatchObject({ name: 'Trimmed', account_id: tenant.accountId });
  });
});

describe('GET /automation/jobs/{id}', () => {
  test('answers the same as the create did', async () => {
    const job = await createJob(tenant, { payload: { b: 1, a: [null, 'ü'] }, metadata: { owner: 'me' } });
    const answer = await tenant.get(pathOf(job));
    expect(answer).toMatchObject({ status: 200, headers: { etag: '"1"', 'cache-control': 'no-store' } });
    expect(answer.body).toEqual(job);
  });

  test('times have no fractional part where it is zero, else milliseconds (SPEC 1)', async () => {
    const job = await createJob(tenant);
    await setRow(job, "created_at = '2025-11-01T12:00:00+02', updated_at = '2025-12-01T00:00:05.5Z'");
    expect((await tenant.get(pathOf(job))).body).toMatchObject({
      created_at: '2025-11-01T10:00:00Z',
      updated_at: '2025-12-01T00:00:05.500Z',
    });
  });

  test('an If-None-Match never answers 304, since counters change without the ETag', async () => {
    const job = await createJob(tenant);
    const { status, body } = await tenant.get(pathOf(job), { 'If-None-Match': '"1"' });
    expect({ status, body }).toEqual({ status: 200, body: job });
  });
});

describe('GET /automation/jobs', () => {
  test('is a bare array of whole jobs, newest first (SPEC 5)', async () => {
    const jobs = [await createJob(tenant), await createJob(tenant), await createJob(tenant)];
    const { status, items, headers } = await tenant.get('/automation/jobs');
    expect({ status, link: headers['link'] }).toEqual({ status: 200, link: undefined });
    expect(items).toEqual(jobs.toReversed());
  });

  test('is empty for a new account', async () => {
    expect(await tenant.get('/automation/jobs')).toMatchObject({ status: 200, items: [] });
  });

  test('Link rel=next leads through every job once, with the filters (SPEC 5)', async () => {
    const names = ['a1', 'a2', 'b1', 'a3', 'a4', 'a5'];
    for (const name of names) await createJob(tenant, { name });
    const pages = [];
    let path: string | undefined = '/automation/jobs?limit=2&q=A&enabled=true';
    while (path !== undefined) {
      const page: Answer = await tenant.get(path);
      pages.push(namesOf(page));
      path = nextPageOf(page);
    }
    expect(pages).toEqual([['a5', 'a4'], ['a3', 'a2'], ['a1']]);
  });

  test('a page that ends exactly with the last job has no next one', async () => {
    await createJob(tenant);
    await createJob(tenant);
    expect((await tenant.get('/automation/jobs?limit=2')).headers['link']).toBeUndefined();
  });

  test('a job created meanwhile moves no page', async () => {
    for (const name of ['one', 'two', 'three']) await createJob(tenant, { name });
    const first = await tenant.get('/automation/jobs?limit=2');
    await createJob(tenant, { name: 'four' });
    expect(namesOf(await tenant.get(nextPageOf(first) ?? ''))).toEqual(['one']);
  });

  test('filters by status, enabled, function_id and q (SPEC 5)', async () => {
    const active = await createJob(tenant, { name: 'Active 100%' });
    await createJob(tenant, { name: 'paused', enabled: false });
    const done = await createJob(tenant, { name: 'done' });
    await setRow(done, "status = 'completed', enabled = false, next_run = NULL, next_occurrence = NULL");
    const listed = async (query: string) => namesOf(await tenant.get(`/automation/jobs?${query}`));
    expect(await listed('status=active')).toEqual(['Active 100%']);
    expect(await listed('status=paused')).toEqual(['paused']);
    expect(await listed('status=completed')).toEqual(['done']);
    expect(await listed('enabled=true')).toEqual(['Active 100%']);
    expect(await listed('enabled=false')).toEqual(['done', 'paused']);
    expect(await listed(`function_id=${String(active['function_id'])}`)).toEqual(['Active 100%']);
    expect(await listed('function_id=unknown')).toEqual([]);
    expect(await listed('q=AUS')).toEqual(['paused']);
    // Neither is a wildcard.
    expect(await listed('q=0%25')).toEqual(['Active 100%']);
    expect(await listed('q=_')).toEqual([]);
    expect(await listed('enabled=false&q=d&status=paused')).toEqual(['paused']);
    expect(await listed('status=&q=&limit=&cursor=&enabled=&function_id=&ids=&sort=&order=')).toHaveLength(3);
  });

  test('answers jobs by their ids, of those that the account has', async () => {
    await createJob(tenant, { name: '1' });
    const jobs = [await createJob(tenant, { name: '2' }), await createJob(tenant, { name: '3' })];
    const foreign = await createJob(await api.newTenant());
    const ids = [...jobs, foreign].map((job) => String(job['id'])).join(',');
    const first = await tenant.get(`/automation/jobs?limit=1&ids=${ids}`);
    expect(namesOf(first)).toEqual(['3']);
    expect(namesOf(await tenant.get(nextPageOf(first) ?? ''))).toEqual(['2']);
  });

  test('a page of large jobs ends early, and says that others follow', async () => {
    const owner = await api.newTenant();
    const payload = { text: 'x'.repeat(64_000) };
    const ids = [];
    for (let n = 0; n < 70; n += 1) ids.unshift((await createJob(owner, { payload }))['id']);
    const first = await owner.get('/automation/jobs');
    const second = await owner.get(nextPageOf(first) ?? '');
    expect(first.items.length).toBeGreaterThan(60);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    expect(nextPageOf(second)).toBeUndefined();
  });

  test('sorts by what it is told, from page to page', async () => {
    for (const name of ['b', 'C', 'a']) await createJob(tenant, { name });
    const first = await tenant.get('/automation/jobs?sort=name&order=asc&limit=2');
    expect(namesOf(first)).toEqual(['a', 'b']);
    expect(namesOf(await tenant.get(nextPageOf(first) ?? ''))).toEqual(['C']);
    expect(namesOf(await tenant.get('/automation/jobs?sort=name'))).toEqual(['C', 'b', 'a']);
  });

  test.each([
    ['limit=0', 'limit must be greater than or equal to 1, got 0'],
    ['limit=1001', 'limit must be less than or equal to 1000, got 1001'],
    ['limit=ten', 'limit must be a number, got "ten"'],
    ['cursor=7', 'cursor must be a valid GUID, got "7"'],
    ['status=done', 'status must be one of [active, completed, paused], got "done"'],
    ['enabled=yes', 'enabled must be a boolean, got "yes"'],
    ['enabled=true&enabled=false', 'enabled must be a boolean, got an array'],
    ['sort=status', 'sort must be one of [created_at, name, next_run, last_run, run_count], got "status"'],
    ['order=up', 'order must be one of [asc, desc], got "up"'],
    ['page=2', 'unknown parameter: page'],
  ])('?%s is refused', async (query, message) => {
    const { status, body } = await tenant.get(`/automation/jobs?${query}`);
    const field = query.split('=')[0];
    expect({ status, body }).toMatchObject({ status: 400, body: { message, details: [{ field, message }] } });
  });
});
