import { backoffMs } from './backoff.ts';

const least = () => 0;
const middle = () => 0.5;
const most = () => 1;

describe('the wait starts at one second and doubles up to a minute, its upper half at random (SPEC 4)', () => {
  test.each([
    { attempt: 1, from: 500, half: 750, to: 1_000 },
    { attempt: 2, from: 1_000, half: 1_500, to: 2_000 },
    { attempt: 3, from: 2_000, half: 3_000, to: 4_000 },
    { attempt: 6, from: 16_000, half: 24_000, to: 32_000 },
    { attempt: 7, from: 30_000, half: 45_000, to: 60_000 },
    { attempt: 8, from: 30_000, half: 45_000, to: 60_000 },
    { attempt: 5_000, from: 30_000, half: 45_000, to: 60_000 },
  ])('attempt $attempt waits $from to $to ms', ({ attempt, from, half, to }) => {
    expect(backoffMs(attempt, null, least)).toBe(from);
    expect(backoffMs(attempt, null, middle)).toBe(half);
    expect(backoffMs(attempt, null, most)).toBe(to);
  });

  test('retries of one outage spread out', () => {
    const waits = Array.from({ length: 50 }, () => backoffMs(7, null));

    expect(new Set(waits).size).toBeGreaterThan(10);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(30_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(60_000);
  });
});

describe('Retry-After is honoured (SPEC 4)', () => {
  test.each([
    { retryAfterMs: 0, expected: 750, why: 'is shorter than the wait of our own' },
    { retryAfterMs: 749, expected: 750, why: 'is just shorter' },
    { retryAfterMs: 751, expected: 751, why: 'is just longer' },
    { retryAfterMs: 90_000, expected: 90_000, why: 'is longer than the longest wait of our own' },
  ])('$retryAfterMs ms, which $why: wait $expected ms', ({ retryAfterMs, expected }) => {
    expect(backoffMs(1, retryAfterMs, middle)).toBe(expected);
  });
});

test('the wait is whole milliseconds', () => {
  expect(backoffMs(1, null, () => 0.123_456)).toBe(562);
  expect(backoffMs(1, 1_500.6, least)).toBe(1_501);
});
