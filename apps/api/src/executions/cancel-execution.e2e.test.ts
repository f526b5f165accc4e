import { startTestApi, statusesOf, type Tenant, type TestApi } from '../api.fixture.ts';
import { accept, startExecution, take } from './under-way.fixture.ts';

let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi();
  tenant = await api.newTenant();
});

afterAll(() => api.stop());

const UNKNOWN = '01a20d39-27c1-753f-87f4-75c6d5717b06';

describe('POST /automation/executions/{id}/cancel', () => {
  test('cancels one that waits for a worker, and answers it', async () => {
    const { path, jobId } = await startExecution(tenant);
    const { status, body } = await tenant.post(`${path}/cancel`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'cancelled',
      reason: 'cancelled by request',
      check: null,
      perform: null,
      started_at: null,
      completed_at: expect.any(String),
      duration_ms: null,
    });
    expect((await tenant.get(path)).body).toEqual(body);
    const job = await tenant.get(`/automation/jobs/${jobId}`);
    expect(job.body).toMatchObject({ run_count: 0, check_count: 0, last_run: expect.any(String) });
  });

  test('cancels one that is under way, and one that its function has accepted', async () => {
    const [taken, accepted] = [await startExecution(tenant), await startExecution(tenant)];
    await take(api, taken.id);
    await accept(api, await take(api, accepted.id));
    expect(await tenant.post(`${taken.path}/cancel`)).toMatchObject({
      status: 200,
      body: { status: 'cancelled', started_at: expect.any(String), duration_ms: expect.any(Number) },
    });
    expect(await tenant.post(`${accepted.path}/cancel`)).toMatchObject({
      status: 200,
      body: { status: 'cancelled', check: { status: 'accepted' } },
    });
  });

  test('is in the audit log with what the execution was', async () => {
    const { id, path } = await startExecution(tenant);
    await take(api, id);
    await tenant.post(`${path}/cancel`);
    const { rows } = await api.store.pool.query(
      'SELECT action, before, after FROM automation_audit_log WHERE target_id = $1',
      [id],
    );
    expect(rows).toEqual([
      {
        action: 'execution.cancelled',
        before: { status: 'checking', reason: null },
        after: { status: 'cancelled', reason: 'cancelled by request' },
      },
    ]);
  });

  test('may be repeated: one that is cancelled is answered as it is', async () => {
    const { path } = await startExecution(tenant);
    const first = await tenant.post(`${path}/cancel`);
    const again = await tenant.post(`${path}/cancel`, {});
    expect(again).toMatchObject({ status: 200, body: first.body });
  });

  test('may be sent several times at once', async () => {
    const { path } = await startExecution(tenant);
    const answers = await Promise.all(Array.from({ length: 5 }, () => tenant.post(`${path}/cancel`)));
    expect(statusesOf(answers)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body['completed_at'])).size).toBe(1);
  });

  test('of one that has finished is 409, and says how it finished', async () => {
    const { id, path } = await startExecution(tenant);
    await api.store.pool.query(
      `UPDATE automation_executions SET status = 'declined', completed_at = now(), task_id = NULL WHERE id = $1`,
      [id],
    );
    expect(await tenant.post(`${path}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT', message: `execution ${id} has finished already: declined` },
    });
  });

  test('frees its place: under max_runs another run may be started', async () => {
    const { path, jobId } = await startExecution(tenant, { max_runs: 1 });
    expect(await tenant.post(`/automation/jobs/${jobId}/run`)).toMatchObject({ status: 409 });
    await tenant.post(`${path}/cancel`);
    expect(await tenant.post(`/automation/jobs/${jobId}/run`)).toMatchObject({ status: 202 });
  });

  test("of another account's is 403, and leaves it alone", async () => {
    const { path } = await startExecution(tenant);
    const stranger = await api.newTenant();
    expect(await stranger.post(`${path}/cancel`)).toMatchObject({
      status: 403,
      body: { message: 'forbidden: execution belongs to different account' },
    });
    expect((await tenant.get(path)).body).toMatchObject({ status: 'pending' });
  });

  test.each([UNKNOWN, 'nonsense'])('of the unknown id %s is 404', async (id) => {
    expect(await tenant.post(`/automation/executions/${id}/cancel`)).toMatchObject({
      status: 404,
      body: { message: `execution ${id} not found` },
    });
  });

  test('needs the scope write', async () => {
    const { path } = await startExecution(tenant);
    const { body } = await api.admin.post(`/accounts/${tenant.accountId}/api-keys`, {
      name: 'reader',
      scopes: ['read'],
    });
    const reader = api.client(String(body['key']));
    expect(await reader.post(`${path}/cancel`)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await api.client('nonsense').post(`${path}/cancel`)).toMatchObject({ status: 401 });
    expect((await reader.get(path)).body).toMatchObject({ status: 'pending' });
  });

  test('takes no fields', async () => {
    const { path } = await startExecution(tenant);
    expect(await tenant.post(`${path}/cancel`, { reason: 'mine' })).toMatchObject({ status: 400 });
    expect((await tenant.get(path)).body).toMatchObject({ status: 'pending' });
  });
});
