import { buildJob } from './job.fixture.ts';
import { refusalOf } from './refusal-of.fixture.ts';
import { type JobPatch, missedByChange, updateJob } from './update-job.ts';

const NOW = new Date('2025-12-01T05:20:00Z');
const at = (time: string) => new Date(`2025-12-01T${time}Z`);

/** An hourly job whose occurrences since `time` have not been claimed. */
function overdueSince(time: string) {
  return buildJob({ schedule: '@hourly' }, { nextRun: at(time), nextOccurrence: at(time) });
}

describe('start_at and end_at of a job that is active', () => {
  test('a new start_at is where the occurrences begin, and where @every counts from', () => {
    const startAt = at('09:30:00');
    const job = buildJob({ schedule: '@every 1h' });

    expect(updateJob(job, { startAt }, NOW)).toMatchObject({ anchor: startAt, nextRun: startAt });
  });

  test('an end_at before the next occurrence completes it (SPEC 1)', () => {
    const job = buildJob(
      { schedule: '@hourly' },
      { nextRun: at('06:00:00'), nextOccurrence: at('06:00:00') },
    );

    expect(updateJob(job, { endAt: at('05:30:00') }, NOW)).toMatchObject({
      enabled: false,
      status: 'completed',
      statusReason: 'schedule "@hourly" has no further run before end_at 2025-12-01T05:30:00Z',
      nextRun: null,
      nextOccurrence: null,
    });
  });

  test('a later end_at lets it go on', () => {
    const job = buildJob(
      { schedule: '@hourly' },
      { nextRun: at('06:00:00'), nextOccurrence: at('06:00:00') },
    );

    expect(updateJob(job, { endAt: at('06:00:00') }, NOW)).toMatchObject({
      status: 'active',
      anchor: job.anchor,
      nextRun: at('06:00:00'),
    });
  });

  test('an end_at that is not later than start_at is refused', () => {
    const job = buildJob({ startAt: at('09:00:00') });

    expect(refusalOf(() => updateJob(job, { endAt: at('09:00:00') }, NOW))).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: 'end_at must be later than start_at, got 2025-12-01T09:00:00Z',
    });
  });

  test('enabling what end_at completed is a conflict unless the same request lifts it (SPEC 1)', () => {
    const over = { enabled: false, status: 'completed', nextRun: null, nextOccurrence: null } as const;
    const job = buildJob({ schedule: '@hourly', endAt: at('04:00:00') }, over);

    expect(refusalOf(() => updateJob(job, { enabled: true }, NOW))).toMatchObject({
      code: 'CONFLICT',
      message: 'job is completed: schedule "@hourly" has no further run before end_at 2025-12-01T04:00:00Z',
    });
    expect(updateJob(job, { enabled: true, endAt: null }, NOW)).toMatchObject({
      status: 'active',
      nextRun: at('06:00:00'),
    });
  });
});

test('new jitter delays the occurrence that is ahead, and moves neither it nor the anchor (SPEC 3.5)', () => {
  const ahead = { nextRun: at('06:12:34'), nextOccurrence: at('06:00:00') };
  const job = buildJob({ schedule: '@hourly', jitterSeconds: 1_800 }, ahead);

  expect(updateJob(job, { jitterSeconds: 0 }, NOW)).toMatchObject({
    anchor: job.anchor,
    nextRun: at('06:00:00'),
    nextOccurrence: at('06:00:00'),
  });
});

describe('every occurrence is accounted for: what a change takes from under a claim is missed (SPEC 3)', () => {
  test.each<JobPatch>([
    { schedule: '@daily' },
    { timezone: 'Asia/Kolkata' },
    { enabled: false },
    { maxRuns: 1 },
    { endAt: at('02:00:00') },
  ])('%j', (patch) => {
    const before = { ...overdueSince('03:00:00'), runCount: 1 };

    expect(missedByChange(before, updateJob(before, patch, NOW), NOW)).toEqual({
      from: at('03:00:00'),
      to: at('05:00:00'),
      count: 3,
      reason: 'the job was changed before they were claimed',
    });
  });

  test('a single one is a run of one, even if it is due this very millisecond', () => {
    const before = overdueSince('05:00:00');
    const after = updateJob(before, { enabled: false }, at('05:00:00'));

    expect(missedByChange(before, after, at('05:00:00'))).toMatchObject({
      from: at('05:00:00'),
      to: at('05:00:00'),
      count: 1,
    });
  });

  test('one that has come and waits for its jitter is missed as well', () => {
    const pending = { nextRun: at('05:25:00'), nextOccurrence: at('05:00:00') };
    const before = buildJob({ schedule: '@hourly', jitterSeconds: 1_800 }, pending);

    expect(missedByChange(before, updateJob(before, { enabled: false }, NOW), NOW)).toMatchObject({
      from: at('05:00:00'),
      to: at('05:00:00'),
      count: 1,
    });
  });

  test.each<JobPatch>([
    { name: 'Renamed' },
    { jitterSeconds: 30 },
    { endAt: at('05:10:00') },
    { endAt: at('03:00:00') },
    { schedule: ' @HOURLY ' },
  ])('nothing is missed if they will still be claimed: %j', (patch) => {
    const before = overdueSince('03:00:00');
    const after = updateJob(before, patch, NOW);

    expect(after).toMatchObject({ status: 'active', nextOccurrence: at('03:00:00') });
    expect(missedByChange(before, after, NOW)).toBeNull();
  });

  test('nothing is missed if nothing was due', () => {
    const before = overdueSince('06:00:00');
    const paused = updateJob(before, { enabled: false }, NOW);

    expect(missedByChange(before, paused, NOW)).toBeNull();
    expect(missedByChange(paused, updateJob(paused, { enabled: true }, NOW), NOW)).toBeNull();
  });

  test('nothing can be counted of a schedule that is no longer readable, which must not keep it from being repaired', () => {
    const before = { ...overdueSince('03:00:00'), timezone: 'Mars/Base' };
    const after = updateJob(before, { timezone: 'UTC' }, NOW);

    expect(after.nextRun).toEqual(at('06:00:00'));
    expect(missedByChange(before, after, NOW)).toBeNull();
  });
});
