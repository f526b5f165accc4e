import { CATCH_UP_POLICIES, hasRunsLeft, JOB_STATUS_CODES, JOB_STATUSES, OVERLAP_POLICIES } from './job.ts';

describe('the numeric codes of the seed stand beside the names (SPEC 1)', () => {
  test('0 is active, 1 completed, 2 paused', () => {
    expect(JOB_STATUS_CODES).toEqual({ active: 0, completed: 1, paused: 2 });
  });

  test('a status has its code as its place in the list', () => {
    expect(JOB_STATUSES.map((status) => JOB_STATUS_CODES[status])).toEqual([0, 1, 2]);
  });
});

describe('max_runs is never exceeded, whatever overlaps (SPEC 1)', () => {
  test.each([
    { maxRuns: 1, runCount: 0, inFlight: 0, left: true },
    { maxRuns: 1, runCount: 1, inFlight: 0, left: false },
    { maxRuns: 1, runCount: 0, inFlight: 1, left: false },
    { maxRuns: 3, runCount: 2, inFlight: 0, left: true },
    { maxRuns: 3, runCount: 1, inFlight: 1, left: true },
    { maxRuns: 3, runCount: 2, inFlight: 1, left: false },
    { maxRuns: 3, runCount: 3, inFlight: 0, left: false },
    { maxRuns: 3, runCount: 0, inFlight: 4, left: false },
    { maxRuns: 3, runCount: 5, inFlight: 0, left: false },
  ])('of $maxRuns, $runCount made and $inFlight in flight: $left', ({ left, ...job }) => {
    expect(hasRunsLeft(job)).toBe(left);
  });
});

test('max_runs 0 is unlimited (SPEC 1)', () => {
  expect(hasRunsLeft({ maxRuns: 0, runCount: 0, inFlight: 0 })).toBe(true);
  expect(hasRunsLeft({ maxRuns: 0, runCount: 1_000_000, inFlight: 10 })).toBe(true);
});

test('the policies have the names of the contract (SPEC 3)', () => {
  expect(OVERLAP_POLICIES).toEqual(['skip', 'queue', 'allow']);
  expect(CATCH_UP_POLICIES).toEqual(['latest', 'all', 'none']);
});
