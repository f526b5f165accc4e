import { parseRetryAfter } from './retry-after.ts';

const NOW = Date.parse('2025-12-01T00:00:00Z');
const HOUR_MS = 3_600_000;

test.each([
  ['0', 0],
  ['7', 7000],
  [' 7 ', 7000],
  ['3600', HOUR_MS],
])('"%s" seconds are %i ms', (header, ms) => {
  expect(parseRetryAfter(header, NOW)).toBe(ms);
});

test.each(['Mon, 01 Dec 2025 00:01:30 GMT', 'Monday, 01-Dec-25 00:01:30 GMT', 'Mon Dec  1 00:01:30 2025'])(
  'the HTTP date "%s" is counted from now',
  (header) => {
    expect(parseRetryAfter(header, NOW)).toBe(90_000);
  },
);

test('a date that has passed is 0 ms', () => {
  expect(parseRetryAfter('Sun, 30 Nov 2025 00:00:00 GMT', NOW)).toBe(0);
});

test.each(['3601', '999999999999999999999999', 'Tue, 01 Dec 2026 00:00:00 GMT'])(
  '"%s" is capped at one hour',
  (header) => {
    expect(parseRetryAfter(header, NOW)).toBe(HOUR_MS);
  },
);

test.each([undefined, '', '-1', '1.5', 'soon', '2025-12-01', '1 minute', 'Mon, 99 Foo 2025 00:00:00 GMT'])(
  '%s says nothing',
  (header) => {
    expect(parseRetryAfter(header, NOW)).toBeNull();
  },
);

test('of several headers the first counts', () => {
  expect(parseRetryAfter(['5', '9'], NOW)).toBe(5000);
});
