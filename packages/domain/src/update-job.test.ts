import { buildJob } from './job.fixture.ts';
import { refusalOf } from './refusal-of.fixture.ts';
import { type JobPatch, updateJob } from './update-job.ts';

const NOW = new Date('2025-12-01T05:20:00Z');

const paused = { enabled: false, status: 'paused', nextRun: null, nextOccurrence: null } as const;

describe('a patch applies all its fields or none (SPEC 5)', () => {
  test('it changes what it names, the version and the time of the change, and nothing else', () => {
    const job = buildJob({}, { version: 4, consecutiveFailures: 2, inFlight: 1 });
    const patch: JobPatch = { name: 'Renamed', payload: { n: 1 }, maxRuns: 9, retryLimit: 0 };

    expect(updateJob(job, patch, NOW)).toEqual({ ...job, ...patch, version: 5, updatedAt: NOW });
  });

  test.each<[string, JobPatch]>([
    ['schedule', { name: 'Renamed', schedule: '0 0 30 2 *' }],
    ['schedule', { name: 'Renamed', schedule: '@at 2025-12-01T05:00:00Z' }],
    ['timezone', { name: 'Renamed', timezone: 'Mars/Base' }],
  ])('a wrong %s refuses the whole, even while the job is paused: %j', (field, patch) => {
    const patches: JobPatch[] = [patch, { ...patch, enabled: false }, { ...patch, enabled: true }];
    for (const job of [buildJob(), buildJob({}, paused)]) {
      for (const each of patches) {
        expect(refusalOf(() => updateJob(job, each, NOW))).toMatchObject({
          code: 'VALIDATION_ERROR',
          details: [{ field }],
        });
      }
    }
  });
});

describe('a new schedule', () => {
  test.each<[JobPatch, string]>([
    [{ schedule: '0 9 * * *' }, '2025-12-01T09:00:00.000Z'],
    [{ schedule: '0 5 * * *' }, '2025-12-02T05:00:00.000Z'],
    [{ schedule: '@every 1h' }, '2025-12-01T06:20:00.000Z'],
    [{ timezone: 'Asia/Kolkata' }, '2025-12-01T05:30:00.000Z'],
  ])('%j counts from now', (patch, expected) => {
    expect(updateJob(buildJob(), patch, NOW).nextRun?.toISOString()).toBe(expected);
  });

  test('moves the anchor of @every to now (SPEC 2)', () => {
    expect(updateJob(buildJob(), { schedule: '@every 1h' }, NOW).anchor).toEqual(NOW);
  });

  test('leaves a paused job paused', () => {
    const job = buildJob({}, paused);

    expect(updateJob(job, { schedule: '@every 1h' }, NOW)).toMatchObject({ ...paused, anchor: NOW });
  });

  test.each<JobPatch>([
    { schedule: '@every 15m', timezone: 'UTC' },
    { schedule: ' @EVERY  15m ' },
    { timezone: 'Europe/London' },
  ])(
    'that means the old one neither moves the anchor nor drops an occurrence that is due (SPEC 2 and 3): %j',
    (patch) => {
      const due = new Date('2025-12-01T05:15:00Z');
      const job = buildJob({ schedule: '@every 15m' }, { nextRun: due, nextOccurrence: due });

      const updated = updateJob(job, { ...patch, description: 'same' }, NOW);

      expect(updated).toMatchObject({
        ...patch,
        description: 'same',
        anchor: job.anchor,
        nextRun: due,
        nextOccurrence: due,
      });
    },
  );
});

describe('a job is completed by a max_runs that it has reached already (SPEC 1)', () => {
  test.each([
    { maxRuns: 1, status: 'completed' },
    { maxRuns: 2, status: 'completed' },
    { maxRuns: 3, status: 'active' },
    { maxRuns: 0, status: 'active' },
  ])('max_runs $maxRuns after two runs: $status', ({ maxRuns, status }) => {
    const over = { enabled: false, statusReason: `max_runs ${maxRuns} reached`, nextRun: null };
    const job = buildJob({}, { runCount: 2 });
    const goesOn = { enabled: true, statusReason: null, nextRun: job.nextRun };

    expect(updateJob(job, { maxRuns }, NOW)).toMatchObject({
      status,
      ...(status === 'completed' ? over : goesOn),
    });
  });

  test('even if it is paused, or the same request pauses it', () => {
    const over = { status: 'completed', enabled: false, statusReason: 'max_runs 2 reached' };

    expect(updateJob(buildJob({}, { ...paused, runCount: 2 }), { maxRuns: 2 }, NOW)).toMatchObject(over);
    expect(updateJob(buildJob({}, { runCount: 2 }), { maxRuns: 2, enabled: false }, NOW)).toMatchObject(over);
  });

  test('even if the same request gives it a new schedule', () => {
    const updated = updateJob(buildJob({}, { runCount: 2 }), { maxRuns: 2, schedule: '@daily' }, NOW);

    expect(updated).toMatchObject({ status: 'completed', nextRun: null, schedule: '@daily' });
  });

  test.each([2, 3, 0])('executions in flight leave it active as long as they fit: max_runs %d', (maxRuns) => {
    const updated = updateJob(buildJob({}, { runCount: 1, inFlight: 1 }), { maxRuns }, NOW);

    expect(updated).toMatchObject({ status: 'active', enabled: true, maxRuns });
  });

  test('max_runs is never exceeded: one that executions in flight may exceed is a conflict', () => {
    const job = buildJob({}, { runCount: 1, inFlight: 2 });

    expect(refusalOf(() => updateJob(job, { maxRuns: 2 }, NOW))).toMatchObject({
      code: 'CONFLICT',
      message: 'max_runs 2 is less than run_count 1 and the 2 executions in flight',
    });
  });
});
