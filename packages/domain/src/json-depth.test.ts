import { isTooDeep } from './json-depth.ts';

function nested(levels: number, opening: string, closing: string): unknown {
  return JSON.parse(opening.repeat(levels) + closing.repeat(levels));
}

test.each([
  ['arrays', '[', ']'],
  ['objects', '{"a":[', ']}'],
])('64 levels of %s are allowed, and no more', (_what, opening, closing) => {
  const perRepeat = opening.length === 1 ? 1 : 2;
  expect(isTooDeep(nested(64 / perRepeat, opening, closing))).toBe(false);
  expect(isTooDeep([nested(64 / perRepeat, opening, closing)])).toBe(true);
});

test('half a million levels are too many, and no stack overflows on them', () => {
  expect(isTooDeep(nested(500_000, '[', ']'))).toBe(true);
});

test.each([null, 1, 'text', {}, [], { a: 1, b: [{}] }])('%j is not too deep', (value) => {
  expect(isTooDeep(value)).toBe(false);
});
