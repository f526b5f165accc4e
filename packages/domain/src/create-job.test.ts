import { createJob } from './create-job.ts';
import { idTime, isId } from './id.ts';
import { buildDefinition, CREATED_AT } from './job.fixture.ts';
import { refusalOf } from './refusal-of.fixture.ts';

describe('a new job', () => {
  test('has a UUIDv7 of the instant of its creation (SPEC 1)', () => {
    const job = createJob(buildDefinition(), CREATED_AT);

    expect(isId(job.id)).toBe(true);
    expect(idTime(job.id)).toEqual(CREATED_AT);
    expect(createJob(buildDefinition(), CREATED_AT).id).not.toBe(job.id);
  });

  test('is active and has run nothing yet (SPEC 1)', () => {
    expect(createJob(buildDefinition(), CREATED_AT)).toMatchObject({
      status: 'active',
      enabled: true,
      statusReason: null,
      runCount: 0,
      checkCount: 0,
      consecutiveFailures: 0,
      inFlight: 0,
      waiting: 0,
      lastRun: null,
      version: 1,
      createdAt: CREATED_AT,
      updatedAt: CREATED_AT,
    });
  });

  test('keeps what its creator says', () => {
    const definition = buildDefinition({
      description: 'Every night',
      timezone: 'Europe/Oslo',
      payload: { city: 'Oslo' },
      metadata: { team: 'reports' },
      maxRuns: 7,
      retryLimit: 5,
      timeoutSeconds: 60,
      pauseAfterFailures: 3,
    });

    expect(createJob(definition, CREATED_AT)).toMatchObject(definition);
  });

  test('is unlimited, retried twice and in UTC where its creator says nothing (SPEC 1, 2 and 4)', () => {
    expect(createJob(buildDefinition(), CREATED_AT)).toMatchObject({
      description: '',
      timezone: 'UTC',
      payload: {},
      maxRuns: 0,
      retryLimit: 2,
      timeoutSeconds: null,
      pauseAfterFailures: 0,
    });
  });

  test('skips what overlaps, catches up with the latest, and is neither jittered nor bounded (SPEC 3)', () => {
    expect(createJob(buildDefinition(), CREATED_AT)).toMatchObject({
      overlapPolicy: 'skip',
      catchUpPolicy: 'latest',
      catchUpWindowSeconds: 86_400,
      jitterSeconds: 0,
      startAt: null,
      endAt: null,
    });
  });

  test('that is created disabled is paused, and has no next run (SPEC 1)', () => {
    expect(createJob(buildDefinition({ enabled: false }), CREATED_AT)).toMatchObject({
      status: 'paused',
      enabled: false,
      statusReason: null,
      nextRun: null,
    });
  });
});

describe('the first occurrence is later than the creation (SPEC 2)', () => {
  test.each([
    ['@hourly', 'UTC', '2025-12-01T01:00:00.000Z'],
    ['0 9 * * *', 'UTC', '2025-12-01T09:00:00.000Z'],
    ['0 9 * * *', 'America/New_York', '2025-12-01T14:00:00.000Z'],
    ['0 0 * * *', 'UTC', '2025-12-02T00:00:00.000Z'],
    ['@every 1h30m', 'UTC', '2025-12-01T01:30:00.000Z'],
    ['@at 2026-01-01T00:00:00+01:00', 'UTC', '2025-12-31T23:00:00.000Z'],
  ])('%s in %s: %s', (schedule, timezone, expected) => {
    const job = createJob(buildDefinition({ schedule, timezone }), CREATED_AT);

    expect(job.nextRun?.toISOString()).toBe(expected);
  });

  test('@every is anchored in the creation', () => {
    expect(createJob(buildDefinition({ schedule: '@every 7s' }), CREATED_AT).anchor).toEqual(CREATED_AT);
  });
});

describe('a schedule that is wrong or never due is a validation error, word for word, disabled or not (SPEC 2)', () => {
  test.each([
    [{ schedule: '* * *' }, 'schedule', 'schedule "* * *" must contain 5 fields'],
    [{ schedule: '@every soon' }, 'schedule', 'parse duration "soon": invalid'],
    [{ schedule: '0 0 30 2 *' }, 'schedule', 'unable to find next run for schedule "0 0 30 2 *"'],
    [
      { schedule: '@at 2025-12-01T00:00:00Z' },
      'schedule',
      'unable to find next run for schedule "@at 2025-12-01T00:00:00Z"',
    ],
    [{ timezone: 'Mars/Base' }, 'timezone', 'timezone "Mars/Base" is not an IANA time zone'],
  ])('%j', (definition, field, message) => {
    for (const enabled of [true, false]) {
      const refusal = refusalOf(() => createJob(buildDefinition({ ...definition, enabled }), CREATED_AT));

      expect(refusal).toMatchObject({ code: 'VALIDATION_ERROR', message, details: [{ field, message }] });
    }
  });
});

test('a fault of ours is not blamed on the schedule', () => {
  const brokenClock = new Date(Number.NaN);
  const definition = { ...buildDefinition(), schedule: null as unknown as string };

  expect(() => createJob(definition, brokenClock)).toThrow(TypeError);
});

describe('start_at and end_at bound the occurrences', () => {
  const startAt = new Date('2025-12-01T09:00:00Z');

  test('none comes before start_at, and one that falls on it counts', () => {
    expect(createJob(buildDefinition({ startAt }), CREATED_AT).nextRun).toEqual(startAt);
  });

  test('@every counts from start_at', () => {
    const job = createJob(buildDefinition({ schedule: '@every 7h', startAt }), CREATED_AT);

    expect(job).toMatchObject({ anchor: startAt, nextRun: startAt });
  });

  test.each([
    [
      'no run before end_at',
      { endAt: new Date('2025-12-01T00:30:00Z') },
      'end_at is before the first run of schedule "@hourly", got 2025-12-01T00:30:00Z',
    ],
    [
      'end_at before start_at',
      { startAt, endAt: startAt },
      'end_at must be later than start_at, got 2025-12-01T09:00:00Z',
    ],
  ])('%s is a validation error', (_what, definition, message) => {
    expect(refusalOf(() => createJob(buildDefinition(definition), CREATED_AT))).toMatchObject({
      code: 'VALIDATION_ERROR',
      message,
      details: [{ field: 'end_at', message }],
    });
  });

  test('an occurrence that falls on end_at counts', () => {
    const endAt = new Date('2025-12-01T01:00:00Z');

    expect(createJob(buildDefinition({ endAt }), CREATED_AT).nextRun).toEqual(endAt);
  });
});
