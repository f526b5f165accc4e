import { bodyOf } from './job-body.ts';
import { changedFields, NEW_JOB, rebase } from './job-draft.ts';
import { JOB_FIELD_NAMES } from './job-field.ts';

test('a change has the fields that were changed, and no others', () => {
  const draft = { ...NEW_JOB, name: 'report', retry_limit: '5', timeout_seconds: '' };
  const { body } = bodyOf(draft, changedFields(NEW_JOB, draft));
  expect(body).toEqual({ name: 'report', retry_limit: 5 });
});

test('texts are sent as what they stand for', () => {
  const draft = {
    ...NEW_JOB,
    enabled: 'false',
    max_runs: ' 3 ',
    payload: '{"a": [1]}',
    metadata: ' ',
    start_at: '2026-01-05T09:00:00Z',
  };
  expect(bodyOf(draft, JOB_FIELD_NAMES).body).toMatchObject({
    enabled: false,
    max_runs: 3,
    timeout_seconds: null,
    payload: { a: [1] },
    metadata: {},
    start_at: '2026-01-05T09:00:00Z',
    end_at: null,
  });
});

test('what is no number is left to the api, which says so; what is no JSON can not be sent', () => {
  const draft = { ...NEW_JOB, retry_limit: 'many', payload: '{\n"a" 1}' };
  expect(bodyOf(draft, ['retry_limit', 'payload'])).toEqual({
    body: { retry_limit: 'many' },
    problems: [{ field: 'payload', message: 'line 2: expected a colon after the name' }],
  });
});

test('on a newer version of the job, what was typed stays, and all else is what it is there', () => {
  const before = { ...NEW_JOB, name: 'a', schedule: '@daily' };
  const newer = { ...before, name: 'renamed', retry_limit: '9' };
  const draft = { ...before, schedule: '@hourly' };
  expect(rebase(draft, before, newer)).toEqual({ ...newer, schedule: '@hourly' });
});
