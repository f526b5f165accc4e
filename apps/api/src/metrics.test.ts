import { createRegistry } from '@automation/service-kit';
import { buildJob } from '@automation/testing';

import { createApiMetrics } from './metrics.ts';

test('METRICS_MAX_JOBS: the enabled state is shown of the jobs that have series of their own, and of no others', async () => {
  const registry = createRegistry('api');
  const metrics = createApiMetrics(registry, 1);
  const shown = buildJob({ accountId: 'a', functionId: 'fn' });
  const other = buildJob({ accountId: 'b', functionId: 'fn' });
  metrics.jobCreated(shown);
  metrics.jobCreated(other);
  metrics.jobUpdated({ ...other, enabled: false });
  const text = await registry.getSingleMetricAsString('automation_job_enabled');
  expect(text.split('\n').filter((line) => line.startsWith('automation_job_enabled{'))).toEqual([
    expect.stringMatching(new RegExp(`job_id="${shown.id}".* 1$`)),
  ]);
});

test('METRICS_MAX_JOBS: changes are counted by account for as many accounts, and of all others together', async () => {
  const registry = createRegistry('api');
  const metrics = createApiMetrics(registry, 2);
  for (const accountId of ['a', 'b', 'c', 'd', 'a']) {
    const job = buildJob({ accountId, functionId: 'fn' });
    metrics.jobCreated(job);
    metrics.jobUpdated(job);
  }
  for (const name of ['automation_jobs_created_total', 'automation_jobs_updated_total']) {
    const text = await registry.getSingleMetricAsString(name);
    const counts = [...text.matchAll(/account_id="(\w+)".* (\d+)$/gm)].map(([, account, count]) => [
      account,
      count,
    ]);
    expect(Object.fromEntries(counts)).toEqual({ a: '2', b: '1', _other: '2' });
  }
});
