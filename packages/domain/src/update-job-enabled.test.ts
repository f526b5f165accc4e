import { buildJob } from './job.fixture.ts';
import { refusalOf } from './refusal-of.fixture.ts';
import { type JobPatch, updateJob } from './update-job.ts';

const NOW = new Date('2025-12-01T05:20:00Z');

const paused = { enabled: false, status: 'paused', nextRun: null, nextOccurrence: null } as const;
const completed = {
  enabled: false,
  status: 'completed',
  nextRun: null,
  nextOccurrence: null,
  runCount: 3,
  statusReason: 'max_runs 3 reached',
} as const;

describe('enabling', () => {
  test.each([
    ['2025-12-01T05:20:00Z', '2025-12-01T06:00:00.000Z'],
    ['2025-12-01T05:59:59.999Z', '2025-12-01T06:00:00.000Z'],
    ['2025-12-01T06:00:00Z', '2025-12-01T07:00:00.000Z'],
  ])(
    'counts from now: an occurrence that passed during the pause never fires (SPEC 1); at %s next is %s',
    (now, expected) => {
      const job = buildJob({ schedule: '@hourly' }, paused);

      expect(updateJob(job, { enabled: true }, new Date(now)).nextRun?.toISOString()).toBe(expected);
    },
  );

  test('goes on along the anchor of @every (SPEC 2)', () => {
    const updated = updateJob(buildJob({ schedule: '@every 7h' }, paused), { enabled: true }, NOW);

    expect(updated).toMatchObject({ anchor: buildJob().anchor, nextRun: new Date('2025-12-01T07:00:00Z') });
  });

  test('with a new schedule counts from now by the new one', () => {
    const patch = { enabled: true, schedule: '@every 7h' };

    expect(updateJob(buildJob({}, paused), patch, NOW)).toMatchObject({
      anchor: NOW,
      nextRun: new Date('2025-12-01T12:20:00Z'),
    });
  });

  test('makes the job active and forgets why it was paused and the failures that led there', () => {
    const state = { ...paused, statusReason: '3 failed executions in a row', consecutiveFailures: 3 };

    expect(updateJob(buildJob({}, { ...state, runCount: 5 }), { enabled: true }, NOW)).toMatchObject({
      enabled: true,
      status: 'active',
      statusReason: null,
      consecutiveFailures: 0,
      runCount: 5,
      version: 2,
      updatedAt: NOW,
    });
  });

  test('what is enabled neither drops an occurrence that is due nor forgets failures', () => {
    const job = buildJob({}, { nextRun: new Date('2025-12-01T05:00:00Z'), consecutiveFailures: 2 });

    expect(updateJob(job, { enabled: true }, NOW)).toEqual({ ...job, version: 2, updatedAt: NOW });
  });
});

describe('enabling a completed job is a conflict unless the same request lifts what completed it (SPEC 1)', () => {
  test.each<JobPatch>([{}, { maxRuns: 3 }, { maxRuns: 2 }, { schedule: '@every 1h' }])('with %j', (patch) => {
    const job = buildJob({ maxRuns: 3 }, completed);

    expect(refusalOf(() => updateJob(job, { ...patch, enabled: true }, NOW))).toMatchObject({
      code: 'CONFLICT',
      message: `job is completed: max_runs ${patch.maxRuns ?? 3} is reached (run_count 3)`,
    });
  });

  test.each<JobPatch>([{ maxRuns: 4 }, { maxRuns: 0 }])('%j lifts it', (patch) => {
    expect(updateJob(buildJob({ maxRuns: 3 }, completed), { ...patch, enabled: true }, NOW)).toMatchObject({
      enabled: true,
      status: 'active',
      statusReason: null,
      nextRun: new Date('2025-12-01T06:00:00Z'),
    });
  });

  test('a one-off that is over needs a new instant', () => {
    const job = buildJob({ schedule: '@at 2025-12-01T05:00:00Z' }, { ...completed, runCount: 1 });

    expect(refusalOf(() => updateJob(job, { enabled: true }, NOW))).toMatchObject({
      code: 'CONFLICT',
      message: 'job is completed: schedule "@at 2025-12-01T05:00:00Z" has no further run',
    });
    expect(updateJob(job, { enabled: true, schedule: '@at 2025-12-01T08:00:00Z' }, NOW)).toMatchObject({
      status: 'active',
      nextRun: new Date('2025-12-01T08:00:00Z'),
    });
  });

  test('lifting it alone does not enable the job: it is paused then', () => {
    expect(updateJob(buildJob({ maxRuns: 3 }, completed), { maxRuns: 4 }, NOW)).toMatchObject({
      enabled: false,
      status: 'paused',
      statusReason: null,
      nextRun: null,
      maxRuns: 4,
    });
  });

  test('an edit that does not lift it leaves it completed', () => {
    expect(updateJob(buildJob({ maxRuns: 3 }, completed), { schedule: '@daily' }, NOW)).toMatchObject(
      completed,
    );
  });

  test('an end_at that has passed completes a paused job', () => {
    expect(updateJob(buildJob({}, paused), { endAt: new Date('2025-12-01T05:00:00Z') }, NOW)).toMatchObject({
      status: 'completed',
      statusReason: 'schedule "@hourly" has no further run before end_at 2025-12-01T05:00:00Z',
    });
  });
});

describe('a job whose schedule can no longer be read, since its time zone was abolished, say', () => {
  const unreadable = buildJob(
    { maxRuns: 3 },
    { ...paused, timezone: 'Mars/Base', statusReason: 'unreadable' },
  );

  test.each<JobPatch>([{ enabled: true }, { maxRuns: 5 }, { endAt: new Date('2026-01-01T00:00:00Z') }])(
    'is said to have it by %j, which would have to read it',
    (patch) => {
      const message = 'timezone "Mars/Base" is not an IANA time zone';
      expect(refusalOf(() => updateJob(unreadable, patch, NOW))).toMatchObject({
        code: 'VALIDATION_ERROR',
        message,
        details: [{ field: 'timezone', message }],
      });
    },
  );

  test('can be renamed, disabled, and given another', () => {
    expect(updateJob(unreadable, { name: 'Renamed', enabled: false }, NOW)).toMatchObject({
      name: 'Renamed',
    });
    expect(updateJob(unreadable, { timezone: 'UTC', enabled: true }, NOW)).toMatchObject({
      status: 'active',
    });
  });
});

describe('disabling', () => {
  test('pauses the job, without a next run, and lets executions in flight finish (SPEC 1)', () => {
    const job = buildJob({}, { inFlight: 2, consecutiveFailures: 1 });

    expect(updateJob(job, { enabled: false }, NOW)).toEqual({
      ...job,
      enabled: false,
      status: 'paused',
      statusReason: null,
      nextRun: null,
      nextOccurrence: null,
      version: 2,
      updatedAt: NOW,
    });
  });

  test('with a new schedule leaves no next run either', () => {
    expect(updateJob(buildJob(), { enabled: false, schedule: '@daily' }, NOW)).toMatchObject({
      schedule: '@daily',
      ...paused,
    });
  });

  test('a completed job leaves it completed, and one that the service paused keeps its reason', () => {
    const gone = { ...paused, statusReason: 'the function answered 410 Gone' };

    expect(updateJob(buildJob({ maxRuns: 3 }, completed), { enabled: false }, NOW)).toMatchObject(completed);
    expect(updateJob(buildJob({}, gone), { enabled: false }, NOW)).toMatchObject(gone);
  });
});
