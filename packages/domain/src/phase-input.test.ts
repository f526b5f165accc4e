import type { JsonObject } from './json.ts';
import { checkInput, performInput } from './phase-input.ts';

const reservedKeys = { automation_job: 'someone else', phase: 'perfect' };

describe('the check gets the reserved keys over the payload of the job (SPEC 3.6)', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['an empty payload', {}, { automation_job: 'job-1', phase: 'check' }],
    [
      'a payload',
      { city: 'Oslo', limits: { max: 3 } },
      { city: 'Oslo', limits: { max: 3 }, automation_job: 'job-1', phase: 'check' },
    ],
    [
      'a payload with reserved keys, which lose',
      { city: 'Oslo', ...reservedKeys },
      { city: 'Oslo', automation_job: 'job-1', phase: 'check' },
    ],
  ])('%s', (_, payload, expected) => {
    expect(checkInput('job-1', payload)).toEqual(expected);
  });
});

describe('the perform gets the payload, over it performPayload, over both the reserved keys (SPEC 3.7)', () => {
  test.each<[string, JsonObject, JsonObject, JsonObject]>([
    ['nothing', {}, {}, { automation_job: 'job-1', phase: 'perform' }],
    [
      'both, each with fields of its own',
      { city: 'Oslo' },
      { reason: 'rain' },
      { city: 'Oslo', reason: 'rain', automation_job: 'job-1', phase: 'perform' },
    ],
    [
      'a field of both: performPayload wins, and as a whole',
      { city: 'Oslo', limits: { min: 1, max: 3 } },
      { city: 'Bergen', limits: { max: 5 } },
      { city: 'Bergen', limits: { max: 5 }, automation_job: 'job-1', phase: 'perform' },
    ],
    ['reserved keys in the payload', reservedKeys, {}, { automation_job: 'job-1', phase: 'perform' }],
    ['reserved keys in performPayload', {}, reservedKeys, { automation_job: 'job-1', phase: 'perform' }],
  ])('%s', (_, payload, performPayload, expected) => {
    expect(performInput('job-1', payload, performPayload)).toEqual(expected);
  });
});

test('the payload of the job stays as it is', () => {
  const payload = { city: 'Oslo' };

  checkInput('job-1', payload);
  performInput('job-1', payload, { city: 'Bergen' });

  expect(payload).toEqual({ city: 'Oslo' });
});
