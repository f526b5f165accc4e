import { durationText } from './duration-text.ts';

test.each([
  [0, '0ms'],
  [0.4, '0ms'],
  [12, '12ms'],
  [999.6, '1.0s'],
  [1_540, '1.5s'],
  [9_499, '9.5s'],
  [9_970, '10s'],
  [59_600, '1m 0s'],
  [250_000, '4m 10s'],
  [7_500_000, '2h 5m'],
  [273_600_000, '3d 4h'],
  [-30, '-30ms'],
])('%d ms are %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
