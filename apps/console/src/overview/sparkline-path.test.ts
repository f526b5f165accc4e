import { sparklinePath } from './sparkline-path.ts';

const frame = { width: 100, height: 10, from: 0, to: 10 };

test('the newest is at the right, zero at the bottom, the greatest at the top', () => {
  const points = [
    { at: 0, value: 0 },
    { at: 5, value: 4 },
    { at: 10, value: 2 },
  ];
  expect(sparklinePath(points, frame)).toBe('M0 10L50 0L100 5');
});

test('nothing is drawn where there was no value', () => {
  const points = [
    { at: 0, value: 1 },
    { at: 5, value: null },
    { at: 10, value: 1 },
  ];
  expect(sparklinePath(points, frame)).toBe('M0 0M100 0');
});

test('what stays zero is a line at the bottom', () => {
  const points = [
    { at: 0, value: 0 },
    { at: 10, value: 0 },
  ];
  expect(sparklinePath(points, frame)).toBe('M0 10L100 10');
});
