import { rowAfter } from './row-move.ts';

const ROWS = { count: 100, pageSize: 10 };

test.each([
  ['ArrowDown', 5, 6],
  ['ArrowUp', 5, 4],
  ['PageDown', 5, 15],
  ['PageUp', 15, 5],
  ['Home', 50, 0],
  ['End', 50, 99],
  ['ArrowUp', 0, 0],
  ['PageDown', 95, 99],
  ['a', 5, null],
])('%s leads from row %d to %d', (key, from, to) => {
  expect(rowAfter(key, from, ROWS)).toBe(to);
});
