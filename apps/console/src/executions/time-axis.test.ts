import { placeOf, ticksOf } from './time-axis.ts';

test.each([
  [3, [0, 1, 2]],
  [40, [0, 10, 20, 30]],
  [330, [0, 100, 200, 300]],
  [61_000, [0, 15_000, 30_000, 45_000]],
])('an axis of %d ms has its ticks at round values, with room for their labels: %j', (length, ticks) => {
  expect(ticksOf(length)).toEqual(ticks);
});

test('an axis of any length has a few ticks', () => {
  for (let length = 1; length < 10 ** 11; length *= 3) expect(ticksOf(length).length).toBeLessThanOrEqual(5);
});

test('a place is its share of the axis', () => {
  expect(placeOf(150, { from: 100, to: 300 })).toBe('25%');
});
