import { newId } from '@automation/domain';

import { createJob, recordsOf, startTestApi, type Tenant, type TestApi } from '../api.fixture.ts';
import { startExecution } from './under-way.fixture.ts';

let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi();
  tenant = await api.newTenant();
});

afterAll(() => api.stop());

const ask = (ids: readonly unknown[], query = '') =>
  tenant.get(`/automation/recent-executions?job_ids=${ids.join(',')}${query}`);

test("the newest executions of several jobs are told by the job's id", async () => {
  const [one, other] = [await startExecution(tenant), await createJob(tenant)];
  const { body: newest } = await tenant.post(`/automation/jobs/${one.jobId}/run`);
  await api.store.pool.query(
    `UPDATE automation_executions SET status = 'succeeded', task_id = NULL, started_at = due_at + interval '20 ms',
       completed_at = due_at + interval '120 ms' WHERE id = $1`,
    [one.id],
  );
  const { status, body } = await ask([one.jobId, other['id']]);
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      [one.jobId]: [
        expect.objectContaining({ id: newest['id'], status: 'pending', duration_ms: null, lag_ms: null }),
        {
          id: one.id,
          status: 'succeeded',
          trigger: 'manual',
          scheduled_for: expect.stringMatching(/Z$/),
          duration_ms: 100,
          lag_ms: 20,
        },
      ],
      [String(other['id'])]: [],
    },
  });
  const { body: few } = await ask([one.jobId], '&count=1');
  expect(recordsOf(few[one.jobId]).map(({ id }) => id)).toEqual([newest['id']]);
});

test('jobs of another account are left out like ids of none (SPEC 5)', async () => {
  const { jobId } = await startExecution(await api.newTenant());
  expect(await ask([jobId, newId(new Date())])).toMatchObject({ status: 200, body: {} });
  expect((await ask([jobId])).body).toEqual({});
});

const IDS = Array.from({ length: 101 }, () => newId(new Date()));

test.each([
  ['', 'required: job_ids'],
  ['job_ids=', 'job_ids is not allowed to be empty'],
  ['job_ids=7', 'job_ids must be ids of jobs, got "7"'],
  [`job_ids=${IDS[0]},,`, 'job_ids must be ids of jobs, got ""'],
  [`job_ids=${IDS.join(',')}`, 'job_ids must be at most 100 ids, got 101'],
  [`job_ids=${IDS[0]}&count=51`, 'count must be less than or equal to 50, got 51'],
])('?%.40s is refused', async (query, message) => {
  const { status, body } = await tenant.get(`/automation/recent-executions?${query}`);
  expect({ status, body }).toMatchObject({ status: 400, body: { message } });
});
