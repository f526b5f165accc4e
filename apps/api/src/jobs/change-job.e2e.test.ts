import { unique } from '@automation/testing';

import { createJob, startTestApi, statusesOf, type Tenant, type TestApi } from '../api.fixture.ts';

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

const pathOf = (job: Record<string, unknown>) => `/automation/jobs/${String(job['id'])}`;

/** Changes a job's row behind the api's back. */
async function setRow(job: Record<string, unknown>, assignments: string): Promise<void> {
  await api.store.pool.query(`UPDATE automation_jobs SET ${assignments} WHERE id = $1`, [job['id']]);
}

describe('PATCH /automation/jobs/{id}', () => {
  test.each<[string, unknown, object?]>([
    ['name', 'Updated Name'],
    ['description', 'Updated\ndescription'],
    ['schedule', '0 0 1 1 *', { next_run: `${new Date().getUTCFullYear() + 1}-01-01T00:00:00Z` }],
    ['enabled', false, { status: 'paused', next_run: null }],
    ['timezone', 'Europe/Berlin'],
    ['payload', { a: { b: [1] } }],
    ['metadata', { team: 'x' }],
    ['max_runs', 3],
    ['retry_limit', 0],
    ['timeout_seconds', 900],
    ['pause_after_failures', 4],
    ['overlap_policy', 'queue'],
    ['catch_up_policy', 'all'],
    ['catch_up_window_seconds', 60],
    ['start_at', '2099-01-01T00:00:00Z', { next_run: '2099-01-01T00:00:00Z' }],
    ['end_at', '2099-01-01T00:00:00.250Z'],
  ])('changes %s and nothing else', async (field, value, alongside = {}) => {
    const job = await createJob(tenant);
    const { status, headers, body } = await tenant.patch(pathOf(job), { [field]: value });
    expect({ status, etag: headers['etag'] }).toEqual({ status: 200, etag: '"2"' });
    expect(body).toEqual({ ...job, updated_at: body['updated_at'], [field]: value, ...alongside });
    expect(Date.parse(String(body['updated_at']))).toBeGreaterThan(Date.parse(String(job['updated_at'])));
    expect((await tenant.get(pathOf(job))).body).toEqual(body);
  });

  test('changes function_id to another function of the account', async () => {
    const job = await createJob(tenant);
    const fn = await tenant.post('/functions', { name: 'other', url: 'http://127.0.0.1:9/' });
    const { body } = await tenant.patch(pathOf(job), { function_id: fn.body['id'] });
    expect(body).toEqual({ ...job, function_id: fn.body['id'], updated_at: body['updated_at'] });
  });

  test('an empty patch changes nothing, updated_at and ETag included', async () => {
    const job = await createJob(tenant);
    const { status, headers, body } = await tenant.patch(pathOf(job), {});
    expect({ status, etag: headers['etag'], body }).toEqual({ status: 200, etag: '"1"', body: job });
  });

  test.each<[string, object, number]>([
    ['a field that is not valid', { name: 'new', description: 'new', max_runs: -1 }, 400],
    ['a schedule that is never due', { name: 'new', schedule: '0 0 30 2 *' }, 400],
    ['an unknown function', { name: 'new', function_id: 'nobody' }, 400],
    ['a name that is taken', { description: 'new', max_runs: 5, name: 'Taken' }, 409],
  ])('applies nothing if it has %s (SPEC 5)', async (_, patch, status) => {
    await createJob(tenant, { name: 'taken' });
    const job = await createJob(tenant);
    expect((await tenant.patch(pathOf(job), patch)).status).toBe(status);
    const after = await tenant.get(pathOf(job));
    expect(after.headers['etag']).toBe('"1"');
    expect(after.body).toEqual(job);
  });

  test('renaming keeps names unique without regard to case (SPEC 1)', async () => {
    await createJob(tenant, { name: 'Größe' });
    const job = await createJob(tenant, { name: 'mine' });
    expect(await tenant.patch(pathOf(job), { name: ' GRÖßE ' })).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT', message: 'job with name "GRÖßE" already exists' },
    });
    expect((await tenant.patch(pathOf(job), { name: 'MINE' })).body).toMatchObject({ name: 'MINE' });
  });

  test('a schedule that is given again as it is moves no run of @every (SPEC 2)', async () => {
    const job = await createJob(tenant, { schedule: '@every 1h' });
    const { body } = await tenant.patch(pathOf(job), { schedule: '@every 1h', name: unique('renamed') });
    expect(body['next_run']).toBe(job['next_run']);
  });

  test('a changed @every counts from the change (SPEC 2)', async () => {
    const job = await createJob(tenant, { schedule: '@every 1h' });
    const { body } = await tenant.patch(pathOf(job), { schedule: '@every 2h' });
    expect(Date.parse(String(body['next_run']))).toBe(Date.parse(String(body['updated_at'])) + 2 * HOUR);
  });

  test('a run that came due during a pause never fires: enabling counts from now (SPEC 1)', async () => {
    const job = await createJob(tenant, { schedule: '@every 1h' });
    const paused = await tenant.patch(pathOf(job), { enabled: false });
    expect(paused.body).toMatchObject({ status: 'paused', enabled: false, next_run: null });
    const anchor = new Date(Date.now() - 1.5 * HOUR);
    await setRow(job, `anchor = '${anchor.toISOString()}'`);
    const { body } = await tenant.patch(pathOf(job), { enabled: true });
    expect(body).toMatchObject({ status: 'active', enabled: true });
    expect(Date.parse(String(body['next_run']))).toBe(anchor.getTime() + 2 * HOUR);
  });

  test('max_runs reached completes the job; enabling it takes a higher one in the same request (SPEC 1)', async () => {
    const job = await createJob(tenant);
    await setRow(job, 'run_count = 2');
    const completed = await tenant.patch(pathOf(job), { max_runs: 2 });
    expect(completed.body).toMatchObject({ status: 'completed', enabled: false, next_run: null });
    expect(await tenant.patch(pathOf(job), { enabled: true })).toMatchObject({
      status: 409,
      body: { message: 'job is completed: max_runs 2 is reached (run_count 2)' },
    });
    const lifted = await tenant.patch(pathOf(job), { enabled: true, max_runs: 3 });
    expect(lifted.body).toMatchObject({ status: 'active', enabled: true, next_run: job['next_run'] });
  });
});

describe('DELETE /automation/jobs/{id}', () => {
  test('answers the job with enabled false, and keeps it (the seed)', async () => {
    const job = await createJob(tenant);
    const { status, headers, body } = await tenant.delete(pathOf(job));
    expect({ status, etag: headers['etag'] }).toEqual({ status: 200, etag: '"2"' });
    const disabled = { status: 'paused', enabled: false, next_run: null, updated_at: body['updated_at'] };
    expect(body).toEqual({ ...job, ...disabled });
    expect((await tenant.get('/automation/jobs')).items).toEqual([body]);
  });

  test('a second one answers the same (idempotent)', async () => {
    const job = await createJob(tenant);
    const first = await tenant.delete(pathOf(job));
    const second = await tenant.delete(pathOf(job));
    expect({ status: second.status, body: second.body }).toEqual({ status: 200, body: first.body });
    expect(second.headers['etag']).toBe(first.headers['etag']);
  });

  test('the name stays taken, and the job can be enabled again (SPEC 1)', async () => {
    const job = await createJob(tenant, { name: 'kept' });
    await tenant.delete(pathOf(job));
    expect(await createJob(tenant, { name: 'Kept' })).toMatchObject({
      message: 'job with name "Kept" already exists',
    });
    expect((await tenant.patch(pathOf(job), { enabled: true })).body).toMatchObject({ status: 'active' });
  });
});

describe('If-Match (SPEC 5)', () => {
  test('a change with the current ETag is made, one with an older ETag is not', async () => {
    const job = await createJob(tenant);
    const first = await tenant.patch(pathOf(job), { name: 'first' }, { 'If-Match': '"1"' });
    expect(first).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    const second = await tenant.patch(pathOf(job), { name: 'second' }, { 'If-Match': '"1"' });
    expect(second).toMatchObject({
      status: 412,
      body: { code: 'PRECONDITION_FAILED', message: 'If-Match is "1", the job\'s ETag is "2"' },
    });
    expect((await tenant.delete(pathOf(job), { 'If-Match': '"1"' })).status).toBe(412);
    expect((await tenant.get(pathOf(job))).body).toEqual(first.body);
  });

  test.each(['*', '"1"', '"7", "1"'])('%s matches', async (tags) => {
    const job = await createJob(tenant);
    expect((await tenant.delete(pathOf(job), { 'If-Match': tags })).status).toBe(200);
  });

  test.each(['"2"', '1', 'W/"1"', '', '"1', '"*"'])('%j does not, and nothing is changed', async (tags) => {
    const job = await createJob(tenant);
    for (const answer of [
      await tenant.patch(pathOf(job), { name: 'new' }, { 'If-Match': tags }),
      await tenant.delete(pathOf(job), { 'If-Match': tags }),
    ]) {
      expect(answer).toMatchObject({
        status: 412,
        body: { code: 'PRECONDITION_FAILED', message: `If-Match is ${tags}, the job's ETag is "1"` },
      });
    }
    expect((await tenant.get(pathOf(job))).body).toEqual(job);
  });

  test('of two simultaneous changes under the same ETag exactly one is made', async () => {
    const job = await createJob(tenant);
    const answers = await Promise.all(
      ['one', 'two', 'three', 'four'].map((name) =>
        tenant.patch(pathOf(job), { name }, { 'If-Match': '"1"' }),
      ),
    );
    expect(statusesOf(answers)).toEqual([200, 412, 412, 412]);
    const winner = answers.find(({ status }) => status === 200);
    expect((await tenant.get(pathOf(job))).body).toEqual(winner?.body);
  });
});
