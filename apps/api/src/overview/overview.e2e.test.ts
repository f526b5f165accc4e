import { sql } from 'kysely';

import { createJob, recordOf, recordsOf, startTestApi, type Tenant, type TestApi } from '../api.fixture.ts';

let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi();
  tenant = await api.newTenant();
});

afterAll(() => api.stop());

test('it is for operators alone', async () => {
  expect((await tenant.get('/admin/overview')).status).toBe(403);
});

test('an api on its own says what is missing', async () => {
  const { status, body } = await api.admin.get('/admin/overview');
  expect(status).toBe(200);
  expect(body['problems']).toEqual([
    'no scheduler is connected: due jobs are not claimed',
    'no worker is connected: no function is invoked',
  ]);
  expect(recordsOf(body['replicas'])).toEqual([
    expect.objectContaining({ service: 'api', name: expect.stringMatching(`:${process.pid}$`) }),
  ]);
  expect(body['dispatch_lag_ms']).toBeNull();
});

test('runs, tasks, failures and what we have paused are in it', async () => {
  const job = await createJob(tenant, { name: 'gone' });
  const { body: execution } = await tenant.post(`/automation/jobs/${String(job['id'])}/run`, {});
  const during = (await api.admin.get('/admin/overview')).body;
  expect(during['last_minute']).toMatchObject({ open: 1, failed: 0, per_second: 0.02 });
  expect(recordOf(during['backlog'])['tasks']).toMatchObject({ check: { waiting: 1, active: 0 } });

  await sql`
    UPDATE automation_executions SET status = 'failed', reason = 'the function answered 410 Gone', task_id = NULL,
      started_at = due_at + interval '40 ms', completed_at = now() WHERE id = ${execution['id']}`.execute(
    api.store.db,
  );
  await sql`
    UPDATE automation_jobs SET status = 'paused', enabled = false, next_run = NULL, next_occurrence = NULL,
      status_reason = 'the function answered 410 Gone' WHERE id = ${job['id']}`.execute(api.store.db);
  const after = (await api.admin.get('/admin/overview')).body;
  expect(after).toMatchObject({
    last_5_minutes: { open: 0, failed: 1 },
    dispatch_lag_ms: { p50: 40, p99: 40 },
  });
  const ids = { account_id: tenant.accountId, function_id: job['function_id'] };
  expect(recordOf(after['failing_functions'])['functions']).toEqual([
    { ...ids, name: 'fn', failed: 1, finished: 1, last_reason: 'the function answered 410 Gone' },
  ]);
  expect(after['paused_jobs']).toEqual({
    count: 1,
    jobs: [{ ...ids, id: job['id'], name: 'gone', reason: 'the function answered 410 Gone' }],
  });
});

test('a database that is too busy to say is 503', async () => {
  const locked = await api.store.pool.connect();
  try {
    // Idle for as long as the api tries.
    await locked.query('BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0');
    await locked.query('LOCK TABLE automation_executions');
    const asked = api.admin.get('/admin/overview');
    expect(await asked).toMatchObject({ status: 503, body: { message: 'the database is too busy to tell' } });
  } finally {
    await locked.query('ROLLBACK');
    locked.release();
  }
});
