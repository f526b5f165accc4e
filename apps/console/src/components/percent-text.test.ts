import { percentText } from './percent-text.ts';

test.each([
  [0, '0 %'],
  [0.001, '< 1 %'],
  [0.125, '13 %'],
  [0.999, '> 99 %'],
  [1, '100 %'],
])('a share of %d is told as %s', (share, text) => {
  expect(percentText(share)).toBe(text);
});
