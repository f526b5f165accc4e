import { LruCache } from './lru-cache.ts';

/** A cache of what was made for each key, and how often that was. */
function counting(capacity: number): { get: (key: string) => string; made: () => string } {
  const made: string[] = [];
  const cache = new LruCache<string>(capacity);
  const make = (key: string): string => {
    made.push(key);
    return key.toUpperCase();
  };
  return { get: (key) => cache.getOrMake(key, () => make(key)), made: () => made.join('') };
}

test('a value is made once, and then kept', () => {
  const { get, made } = counting(4);
  expect(['a', 'b', 'a', 'b'].map(get)).toEqual(['A', 'B', 'A', 'B']);
  expect(made()).toBe('ab');
});

test('what was used last is kept, what was not makes room', () => {
  const { get, made } = counting(4);
  for (const key of 'abacadae') get(key);
  expect(made()).toBe('abcde');
  get('a');
  expect(made()).toBe('abcde');
  get('b');
  expect(made()).toBe('abcdeb');
});

test('as many as its capacity are never exceeded, and half of them are always kept', () => {
  const { get, made } = counting(6);
  for (const key of 'abcdefghij') get(key);
  for (const key of 'jih') get(key);
  expect(made()).toBe('abcdefghij');
  for (const key of 'abcd') get(key);
  expect(made()).toBe('abcdefghijabcd');
});

function fail(): string {
  throw new Error('not today');
}

test('what could not be made is tried again', () => {
  const cache = new LruCache<string>(2);
  expect(() => cache.getOrMake('a', fail)).toThrow('not today');
  expect(cache.getOrMake('a', () => 'made')).toBe('made');
});
