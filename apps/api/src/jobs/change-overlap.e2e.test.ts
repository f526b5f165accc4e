import { createJob, startTestApi, type Tenant, type TestApi } from '../api.fixture.ts';

let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi();
  tenant = await api.newTenant();
});

afterAll(() => api.stop());

/** A job of which one execution runs and others wait for it; its path and their ids, the oldest first. */
async function jobWithWaiting(count: number) {
  const job = await createJob(tenant, { overlap_policy: 'queue' });
  const path = `/automation/jobs/${String(job['id'])}`;
  await tenant.post(`${path}/run`);
  const waiting: unknown[] = [];
  for (let n = 0; n < count; n += 1) waiting.push((await tenant.post(`${path}/run`)).body['id']);
  await api.store.pool.query(
    `WITH held AS (
       UPDATE automation_executions SET task_id = NULL WHERE id = ANY($1) RETURNING job_id, scheduled_for, id
     ), written AS (
       INSERT INTO automation_waiting_executions (job_id, scheduled_for, execution_id) SELECT * FROM held
     )
     UPDATE automation_jobs SET waiting = cardinality($1::uuid[]) WHERE id = $2`,
    [waiting, job['id']],
  );
  await api.store.pool.query("DELETE FROM pgboss.job WHERE name LIKE '%check%'");
  return { path, waiting, id: job['id'] };
}

/** How many executions of a job wait, by the queue of them and by the job, and which have a task. */
async function stateOf(jobId: unknown) {
  const { rows: waiting } = await api.store.pool.query(
    'SELECT execution_id FROM automation_waiting_executions WHERE job_id = $1',
    [jobId],
  );
  const { rows: jobs } = await api.store.pool.query('SELECT waiting FROM automation_jobs WHERE id = $1', [
    jobId,
  ]);
  const { rows: queued } = await api.store.pool.query<{ id: string }>(
    `SELECT jsonb_array_elements_text(data->'executionIds') AS id FROM pgboss.job WHERE state = 'created'`,
  );
  return { waiting: waiting.length, jobs, queued: new Set(queued.map(({ id }) => id)) };
}

test('what waits goes on at once when overlaps become allowed (SPEC 3.4)', async () => {
  const { path, waiting, id } = await jobWithWaiting(2);
  expect((await tenant.patch(path, { overlap_policy: 'allow' })).status).toBe(200);
  expect(await stateOf(id)).toEqual({ waiting: 0, jobs: [{ waiting: 0 }], queued: new Set(waiting) });
});

test('what waits goes on waiting through any other change', async () => {
  const { path, id } = await jobWithWaiting(1);
  await tenant.patch(path, { overlap_policy: 'skip', description: 'changed' });
  expect(await stateOf(id)).toEqual({ waiting: 1, jobs: [{ waiting: 1 }], queued: new Set() });
});

test('what waits is cancelled if the same change stops the job', async () => {
  const { path, waiting, id } = await jobWithWaiting(1);
  await tenant.patch(path, { overlap_policy: 'allow', enabled: false });
  expect(await stateOf(id)).toEqual({ waiting: 0, jobs: [{ waiting: 0 }], queued: new Set() });
  const { body } = await tenant.get(`/automation/executions/${String(waiting[0])}`);
  expect(body['status']).toBe('cancelled');
});
