import request from 'supertest';

import { createJob, startTestApi, statusesOf, type Tenant, type TestApi } from '../api.fixture.ts';

let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi();
  tenant = await api.newTenant();
});

afterAll(() => api.stop());

const runPath = (job: Record<string, unknown>) => `/automation/jobs/${String(job['id'])}/run`;

async function setRow(job: Record<string, unknown>, assignments: string): Promise<void> {
  await api.store.pool.query(`UPDATE automation_jobs SET ${assignments} WHERE id = $1`, [job['id']]);
}

async function inFlight(job: Record<string, unknown>): Promise<unknown> {
  const { rows } = await api.store.pool.query<{ in_flight: number }>(
    'SELECT in_flight FROM automation_jobs WHERE id = $1',
    [job['id']],
  );
  return rows[0]?.in_flight;
}

/** The tasks that carry an execution, whichever queue they are in. */
async function tasksOf(executionId: unknown): Promise<object[]> {
  const { rows } = await api.store.pool.query<object>(
    `SELECT name, state FROM pgboss.job WHERE data->'executionIds' ? $1`,
    [executionId],
  );
  return rows;
}

test('answers 202 with the execution, which can be followed at Location (SPEC 5)', async () => {
  const job = await createJob(tenant);
  const { status, headers, body } = await tenant.post(runPath(job), {});
  expect({ status, location: headers['location'] }).toEqual({
    status: 202,
    location: `/automation/executions/${String(body['id'])}`,
  });
  expect(Object.entries(body)).toEqual([
    ['id', expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)],
    ['job_id', job['id']],
    ['account_id', tenant.accountId],
    ['function_id', job['function_id']],
    ['trigger', 'manual'],
    ['scheduled_for', expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/)],
    ['status', 'pending'],
    ['reason', null],
    ['check', null],
    ['perform', null],
    ['created_at', expect.stringMatching(/Z$/)],
    ['started_at', null],
    ['completed_at', null],
    ['duration_ms', null],
  ]);
  expect((await tenant.get(String(headers['location']))).body).toEqual(body);
});

test('its check task is enqueued, once', async () => {
  const { body } = await tenant.post(runPath(await createJob(tenant)));
  expect(await tasksOf(body['id'])).toEqual([{ name: 'automation.check', state: 'created' }]);
});

test("leaves the job's own schedule and ETag alone", async () => {
  const job = await createJob(tenant);
  await tenant.post(runPath(job));
  const { headers, body } = await tenant.get(`/automation/jobs/${String(job['id'])}`);
  expect(headers['etag']).toBe('"1"');
  expect(body).toEqual(job);
});

test('a paused job may be run', async () => {
  const job = await createJob(tenant, { enabled: false });
  expect((await tenant.post(runPath(job))).status).toBe(202);
  expect((await tenant.get(`/automation/jobs/${String(job['id'])}`)).body).toEqual(job);
});

test('a completed job may not, and nothing is enqueued', async () => {
  const job = await createJob(tenant);
  await setRow(job, "status = 'completed', enabled = false, next_run = NULL, next_occurrence = NULL");
  expect(await tenant.post(runPath(job))).toMatchObject({
    status: 409,
    body: { code: 'CONFLICT', message: `job ${String(job['id'])} is completed` },
  });
  expect((await tenant.get(`/automation/jobs/${String(job['id'])}/executions`)).items).toEqual([]);
});

test('a run in flight holds one of max_runs, so that they are never exceeded (SPEC 1)', async () => {
  const job = await createJob(tenant, { max_runs: 2 });
  await setRow(job, 'run_count = 1');
  expect((await tenant.post(runPath(job))).status).toBe(202);
  expect(await tenant.post(runPath(job))).toMatchObject({
    status: 409,
    body: {
      message: `job ${String(job['id'])} has no runs left: max_runs 2, run_count 1, in flight 1`,
    },
  });
  expect(await inFlight(job)).toBe(1);
});

test('of simultaneous requests for the last run exactly one gets it (SPEC 1)', async () => {
  const job = await createJob(tenant, { max_runs: 1 });
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => tenant.post(runPath(job))));
  expect(statusesOf(answers)).toEqual([202, 409, 409, 409, 409]);
  expect(await inFlight(job)).toBe(1);
});

test('simultaneous runs of a job without a limit are executions of their own', async () => {
  const job = await createJob(tenant);
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => tenant.post(runPath(job))));
  const ids = new Set(answers.map(({ body }) => body['id']));
  expect(ids.size).toBe(5);
  expect(await inFlight(job)).toBe(5);
});

test('max_runs is not lowered below what is in flight (SPEC 1)', async () => {
  const job = await createJob(tenant);
  await tenant.post(runPath(job));
  await tenant.post(runPath(job));
  const path = `/automation/jobs/${String(job['id'])}`;
  expect(await tenant.patch(path, { max_runs: 1 })).toMatchObject({
    status: 409,
    body: { message: 'max_runs 1 is less than run_count 0 and the 2 executions in flight' },
  });
  expect((await tenant.patch(path, { max_runs: 2 })).status).toBe(200);
});

test('the body may be left out or empty, and takes no fields', async () => {
  const job = await createJob(tenant);
  const bare = await request(api.url)
    .post(runPath(job))
    .set({ Authorization: `Bearer ${tenant.key}`, 'Content-Type': 'application/json' });
  expect(bare.status).toBe(202);
  expect(await tenant.post(runPath(job), { payload: {} })).toMatchObject({
    status: 400,
    body: { message: 'unknown field: payload' },
  });
});

test('a key that may only read runs nothing', async () => {
  const job = await createJob(tenant);
  const { body } = await api.admin.post(`/accounts/${tenant.accountId}/api-keys`, {
    name: 'reader',
    scopes: ['read'],
  });
  const reader = api.client(String(body['key']));
  expect(await reader.post(runPath(job))).toMatchObject({
    status: 403,
    body: { message: 'forbidden: the API key lacks the scope write' },
  });
  expect(await inFlight(job)).toBe(0);
});
