import { untilNextLook } from './until-next-look.ts';

const now = Date.parse('2026-01-05T09:00:00Z');

test.each([
  ['2026-01-05T09:00:03Z', 3_200],
  ['2026-01-05T09:10:00Z', 5_000],
  ['2026-01-05T08:59:00Z', 1_000],
  [null, 5_000],
])('a job that is due at %s is looked at again after %d ms', (nextRun, ms) => {
  expect(untilNextLook(nextRun, { now, pollMs: 5_000 })).toBe(ms);
});
