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
