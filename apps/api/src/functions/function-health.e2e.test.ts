import { openBreakerReason } from '@automation/domain';

import { startTestApi, type TestApi } from '../api.fixture.ts';
import { startExecution } from '../executions/under-way.fixture.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});

afterAll(() => api.stop());

test('an account is told how its functions do, and nothing of those of others', async () => {
  const [tenant, other] = [await api.newTenant(), await api.newTenant()];
  const setRow = (id: string, assignments: string, values: unknown[] = []) =>
    api.store.pool.query(`UPDATE automation_executions SET ${assignments} WHERE id = $1`, [id, ...values]);
  const [failed, waiting] = [await startExecution(tenant), await startExecution(tenant)];
  const { body: job } = await tenant.get(`/automation/jobs/${failed.jobId}`);
  const ended = "started_at = due_at, completed_at = due_at + interval '40 ms', task_id = NULL";
  await setRow(failed.id, `status = 'failed', reason = 'check: HTTP 500', ${ended}`);
  await setRow(waiting.id, 'started_at = due_at, reason = $2', [openBreakerReason('fn')]);
  await startExecution(other);

  const { status, items } = await tenant.get('/automation/function-health');
  expect({ status, items }).toEqual({
    status: 200,
    items: [
      {
        function_id: job['function_id'],
        finished: 1,
        failed: 1,
        failing_share: 1,
        duration_ms: { p50: 40, p95: 40 },
        last_failure: { at: expect.stringMatching(/Z$/), reason: 'check: HTTP 500' },
        waiting: 0,
      },
      {
        function_id: expect.any(String),
        finished: 0,
        failed: 0,
        failing_share: null,
        duration_ms: { p50: null, p95: null },
        last_failure: null,
        waiting: 1,
      },
    ],
  });
  expect((await other.get('/automation/function-health')).items).toEqual([]);
});
