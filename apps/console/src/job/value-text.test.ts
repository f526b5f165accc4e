import { makeJob } from '../jobs/job.fixture.ts';
import { valueText } from './value-text.ts';

test('values are told as what they mean', () => {
  const job = makeJob({ jitter_seconds: 90, timeout_seconds: null, max_runs: 0, overlap_policy: 'queue' });
  expect(valueText('jitter_seconds', job)).toBe('Up to 1m 30s');
  expect(valueText('timeout_seconds', job)).toBe('The function’s');
  expect(valueText('max_runs', job)).toBe('Unlimited');
  expect(valueText('pause_after_failures', job)).toBe('Never');
  expect(valueText('overlap_policy', job)).toBe('Queue it, one at most');
  expect(valueText('retry_limit', job)).toBe('2');
});
