import { agoText, countdownText, durationText } from './duration-text.ts';

test.each([
  [0, '0 ms'],
  [12.4, '12 ms'],
  [999, '999 ms'],
  [1_000, '1.0 s'],
  [59_999, '59.9 s'],
  [60_000, '1m 00s'],
  [125_000, '2m 05s'],
  [3_600_000, '1h 00m'],
  [90_000_000, '1d 1h'],
])('a duration of %d ms is told as %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test.each([
  [-5_000, '0s'],
  [0, '0s'],
  [1, '1s'],
  [41_200, '42s'],
  [59_500, '1m 00s'],
  [125_000, '2m 05s'],
])('%d ms until something are told as %s', (ms, text) => {
  expect(countdownText(ms)).toBe(text);
});

test.each([
  [-5_000, 'now'],
  [999, 'now'],
  [1_000, '1s ago'],
  [59_999, '59s ago'],
  [3_599_000, '59m ago'],
  [90_000_000, '1d ago'],
])('%d ms since something are told as %s', (ms, text) => {
  expect(agoText(ms)).toBe(text);
});
