import { withRange } from './selected-range.ts';

const IDS = ['a', 'b', 'c', 'd', 'e'];
const selectedBy = (from: string, to: string, before: string[] = []) => [
  ...withRange(new Set(before), IDS, { from, to }),
];

test('a range reaches from one end to the other, whichever comes first', () => {
  expect(selectedBy('b', 'd')).toEqual(['b', 'c', 'd']);
  expect(selectedBy('d', 'b')).toEqual(['b', 'c', 'd']);
  expect(selectedBy('c', 'c')).toEqual(['c']);
});

test('what was selected before stays selected', () => {
  expect(selectedBy('d', 'e', ['a'])).toEqual(['a', 'd', 'e']);
});
