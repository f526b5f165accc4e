import { BoundedLabel } from './bounded-label.ts';

test('the first values that are seen have series of their own, and keep them; the rest share one', () => {
  const label = new BoundedLabel(2);
  expect(['a', 'b', 'c', 'd', 'a'].map((value) => label.of(value))).toEqual([
    'a',
    'b',
    '_other',
    '_other',
    'a',
  ]);
});

test('a bound of 0 leaves the one series that all share', () => {
  expect(new BoundedLabel(0).of('a')).toBe('_other');
});
