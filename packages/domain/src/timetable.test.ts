import { buildJob, CREATED_AT } from './job.fixture.ts';
import { nextOccurrence, upcomingRuns } from './timetable.ts';

const at = (text: string) => new Date(`2025-12-01T${text}Z`);

/** By how many milliseconds the first occurrences of a job are delayed. */
function delays(schedule: string, jitterSeconds: number, count: number): number[] {
  const job = buildJob({ schedule, jitterSeconds });
  const found: number[] = [];
  let next = nextOccurrence(job, CREATED_AT);
  while (next !== null && found.length < count) {
    found.push(next.dueAt.getTime() - next.scheduledFor.getTime());
    next = nextOccurrence(job, next.scheduledFor);
  }
  return found;
}

test('without jitter an occurrence is due when the schedule says', () => {
  expect(nextOccurrence(buildJob(), at('05:30:00'))).toEqual({
    scheduledFor: at('06:00:00'),
    dueAt: at('06:00:00'),
  });
});

describe('jitter_seconds delays each occurrence by a stable pseudo-random amount (SPEC 3.5)', () => {
  test('the same for the same occurrence of the same job', () => {
    const job = buildJob({ jitterSeconds: 600 });
    expect(nextOccurrence(job, at('05:30:00'))).toEqual(nextOccurrence(job, at('05:59:59')));
  });

  test('another for another job and another occurrence', () => {
    const definition = { jitterSeconds: 3_000 };
    expect(buildJob(definition).nextRun).not.toEqual(buildJob(definition).nextRun);
    const one = delays('@hourly', 3_000, 20);
    expect(new Set(one).size).toBe(20);
  });

  test('from nothing up to the jitter, evenly', () => {
    const found = delays('@hourly', 100, 2_000);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...found)).toBeLessThan(100_000);
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = found.filter((delay) => Math.floor(delay / 10_000) === tenth).length;
      expect(share).toBeGreaterThan(140);
      expect(share).toBeLessThan(260);
    }
  });

  test('never up to the following occurrence, however large the jitter', () => {
    const found = delays('@every 10s', 86_400, 500);
    expect(Math.max(...found)).toBeLessThan(10_000);
    expect(Math.max(...found)).toBeGreaterThan(9_000);
  });
});

describe('the upcoming runs of a job', () => {
  test('begin with its next occurrence and end with end_at', () => {
    expect(upcomingRuns(buildJob({ endAt: at('03:00:00') }), 10)).toEqual([
      at('01:00:00'),
      at('02:00:00'),
      at('03:00:00'),
    ]);
  });

  test('show when they are due, jitter included', () => {
    const job = buildJob({ jitterSeconds: 60 });
    expect(upcomingRuns(job, 1)).toEqual([job.nextRun]);
  });

  test('are none while the job will not run by itself', () => {
    expect(upcomingRuns(buildJob({ enabled: false }), 10)).toEqual([]);
  });
});
