import { storableJson, storableText } from './storable.ts';

test.each([
  ['plain text', { a: 'b' }, { a: 'b' }],
  ['NUL in a value', { a: 'x\0y' }, { a: 'x\uFFFDy' }],
  ['NUL in a key', { 'a\0': [1] }, { 'a\uFFFD': [1] }],
  ['half a surrogate pair, deep inside', { a: [{ b: '\ud800' }] }, { a: [{ b: '\uFFFD' }] }],
  ['a whole surrogate pair', { a: '😀' }, { a: '😀' }],
  ['a text that only looks like the escape of NUL', { a: '\\u0000' }, { a: '\\u0000' }],
])('jsonb takes %s', (_what, value, stored) => {
  expect(JSON.parse(storableJson(value))).toEqual(stored);
});

test('text columns take a text with NUL', () => {
  expect(storableText('a\0b')).toBe('a\uFFFDb');
});
