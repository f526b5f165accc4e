import { BoundedJobLabels } from './job-labels.ts';

test('METRICS_MAX_JOBS: the first jobs have series of their own, and keep them; the rest share one', () => {
  const labels = new BoundedJobLabels(2);
  const of = (jobId: string) => labels.of({ jobId, accountId: 'acc' });
  expect(of('a')).toEqual({ job_id: 'a', account_id: 'acc' });
  expect(of('b')).toEqual({ job_id: 'b', account_id: 'acc' });
  expect(of('c')).toEqual({ job_id: '_other', account_id: '_other' });
  expect(of('d')).toEqual({ job_id: '_other', account_id: '_other' });
  expect(of('a')).toEqual({ job_id: 'a', account_id: 'acc' });
});

test('a job that shares its series has none of its own', () => {
  const labels = new BoundedJobLabels(1);
  const own = (jobId: string) => labels.own({ jobId, accountId: 'acc' });
  expect([own('a'), own('b'), own('a')]).toEqual([
    { job_id: 'a', account_id: 'acc' },
    null,
    { job_id: 'a', account_id: 'acc' },
  ]);
});
