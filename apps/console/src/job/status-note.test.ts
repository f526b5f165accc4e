import { makeJob } from '../jobs/job.fixture.ts';
import { statusNote } from './status-note.ts';

test('a job that the service has paused says so', () => {
  const fields = { status: 'paused', pause_after_failures: 3, consecutive_failures: 3 } as const;
  expect(statusNote(makeJob(fields))).toBe('Paused by the service after 3 failures in a row');
  expect(statusNote(makeJob({ ...fields, consecutive_failures: 0 }))).toBeNull();
});

test('a job that is completed says by what', () => {
  expect(statusNote(makeJob({ status: 'completed', max_runs: 5, run_count: 5 }))).toBe('All 5 runs are done');
  expect(statusNote(makeJob({ status: 'completed', max_runs: 5, run_count: 2 }))).toBe(
    'No occurrence is left',
  );
});

test('one failure is no series', () => {
  expect(statusNote(makeJob({ consecutive_failures: 1 }))).toBeNull();
  expect(statusNote(makeJob({ consecutive_failures: 2 }))).toBe('2 failures in a row');
});
