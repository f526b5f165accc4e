import { createKeySequence } from './key-sequence.ts';

const SEQUENCES = ['?', 'g j', 'g f', 'n'];

/** The sequences that are recognised in keys that are pressed at an interval. */
function recognised(keys: string, intervalMs = 100): string[] {
  const press = createKeySequence(SEQUENCES);
  return keys.split(' ').flatMap((key, place) => press(key, 10_000 + place * intervalMs) ?? []);
}

test('a key alone, and keys one after the other', () => {
  expect(recognised('? g j n g f')).toEqual(['?', 'g j', 'n', 'g f']);
});

test('what does not go on begins anew', () => {
  expect(recognised('g g j')).toEqual(['g j']);
  expect(recognised('g n')).toEqual(['n']);
  expect(recognised('g x j')).toEqual([]);
});

test('keys with a long pause between them do not belong together', () => {
  expect(recognised('g j', 2_000)).toEqual([]);
});
