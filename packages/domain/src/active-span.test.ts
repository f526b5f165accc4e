import { timetableChange } from './active-span.ts';
import { buildJob, CREATED_AT } from './job.fixture.ts';
import { type JobPatch, updateJob } from './update-job.ts';

/** On the day on which the job is created, at midnight. */
const at = (time: string) => new Date(`2025-12-01T${time}:00Z`);
const justBefore = (time: string) => new Date(at(time).getTime() - 1);

/** When a change that a user makes takes over. */
function changedAt(patch: JobPatch, now: Date, before = buildJob({ schedule: '@hourly' })): Date | null {
  return timetableChange(before, updateJob(before, patch, now), now);
}

describe('what leaves the occurrences as they are is no change of the timetable', () => {
  test.each<[string, JobPatch]>([
    ['a name', { name: 'other' }],
    ['the same schedule', { schedule: '@hourly' }],
    ['the jitter', { jitterSeconds: 600 }],
    ['enabling what is enabled', { enabled: true }],
  ])('%s', (_what, patch) => {
    expect(changedAt(patch, at('00:10'))).toBeNull();
  });

  test('any edit of a paused job', () => {
    const paused = updateJob(buildJob(), { enabled: false }, at('00:10'));
    expect(changedAt({ schedule: '@daily' }, at('00:20'), paused)).toBeNull();
  });
});

test('another schedule holds from now on', () => {
  expect(changedAt({ schedule: '*/10 * * * *' }, at('00:10'))).toEqual(at('00:10'));
});

test('a schedule with the same next occurrence takes over right before it', () => {
  expect(changedAt({ schedule: '*/30 * * * *' }, at('00:40'))).toEqual(justBefore('01:00'));
});

test('an end leaves what is due already to the claim', () => {
  expect(changedAt({ endAt: at('09:00') }, at('03:10'))).toEqual(justBefore('01:00'));
});

test('a pause, a resumption and a completion are at the time when they are made', () => {
  const job = buildJob({ schedule: '@hourly' }, { nextRun: at('01:00'), nextOccurrence: at('01:00') });
  expect(changedAt({ enabled: false }, at('01:10'), job)).toEqual(at('01:10'));
  const paused = updateJob(job, { enabled: false }, at('01:10'));
  expect(changedAt({ enabled: true }, at('01:20'), paused)).toEqual(at('01:20'));
  expect(changedAt({ maxRuns: 2 }, at('01:10'), { ...job, runCount: 2 })).toEqual(at('01:10'));
});

test('a pause after the clock was set back keeps what was claimed by then', () => {
  const job = buildJob({ schedule: '@hourly' }, { nextRun: at('03:00'), nextOccurrence: at('03:00') });
  expect(changedAt({ enabled: false }, at('01:30'), job)).toEqual(justBefore('03:00'));
});

test('a change at the instant of creation replaces the first timetable', () => {
  expect(changedAt({ schedule: '@every 7m' }, CREATED_AT)).toEqual(CREATED_AT);
});
