import { doneMessage, failedMessage } from './bulk-message.ts';
import { makeJob } from './job.fixture.ts';

const targets = (...executionIds: (string | null)[]) =>
  executionIds.map((executionId) => ({ job: makeJob(), executionId }));

test('one job is called by its name, several are counted', () => {
  expect(doneMessage('pause', targets(null))).toBe('Paused hourly report.');
  expect(doneMessage('resume', targets(null, null))).toBe('Resumed 2 jobs.');
  expect(doneMessage('run', targets('e-1'))).toBe('Started hourly report.');
});

test('runs that had finished before they were cancelled are told apart', () => {
  expect(doneMessage('cancel', targets('e-1'))).toBe('Cancelled 1 run.');
  expect(doneMessage('cancel', targets('e-1', 'e-2', null))).toBe('Cancelled 2 runs; 1 had finished.');
  expect(doneMessage('cancel', targets(null, null))).toBe('Too late to cancel: 2 had finished.');
});

test('how many could not be changed is told', () => {
  expect(failedMessage('pause', 3, 50)).toBe('3 of 50 jobs could not be paused.');
  expect(failedMessage('run', 1, 1)).toBe('The job could not be started.');
});
