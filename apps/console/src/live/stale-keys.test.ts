import { staleKeys } from './stale-keys.ts';

const event = { id: '1', time: '2026-01-05T09:00:00Z' };

test('an event of a job makes the job and the lists stale', () => {
  expect(staleKeys({ ...event, type: 'job.updated', job_id: 'j' })).toEqual([['jobs'], ['job', 'j']]);
});

test('an event of an execution makes it, its job and the newest executions stale', () => {
  const stale = staleKeys({ ...event, type: 'execution.failed', job_id: 'j', execution_id: 'e' });
  expect(stale).toEqual([['jobs'], ['job', 'j'], ['execution', 'e'], ['recent-executions']]);
});

test('where events are lost, everything is stale', () => {
  expect(staleKeys({ ...event, type: 'events.gap' })).toEqual([[]]);
});
