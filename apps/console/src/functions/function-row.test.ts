import { automationFunction, functionHealth } from './function.fixture.ts';
import {
  functionRows,
  type FunctionSort,
  rowsWith,
  sortedRows,
  titleOf,
  WORST_FIRST,
} from './function-row.ts';

const functions = ['calm', 'broken', 'unused', 'flaky'].map((name) =>
  automationFunction({ id: `id of ${name}`, name }),
);

const health = [
  functionHealth({
    function_id: 'id of flaky',
    failing_share: 0.4,
    duration_ms: { p50: 5, p95: 900 },
    waiting: 3,
  }),
  functionHealth({ function_id: 'id of broken', failing_share: 1, duration_ms: { p50: null, p95: null } }),
  functionHealth({ function_id: 'id of calm' }),
  functionHealth({ function_id: 'id of another' }),
];

const rows = functionRows(functions, health);

test('a function is listed whether or not anything has invoked it, and once', () => {
  expect(rows.map(titleOf)).toEqual(['calm', 'broken', 'unused', 'flaky']);
  expect(rows[2]?.health).toBeNull();
});

test('of functions that another service keeps, those with health are listed by their ids', () => {
  expect(functionRows(null, health).map(titleOf)).toEqual(health.map((each) => each.function_id));
});

test('the worst come first, and those that nothing is known of last', () => {
  expect(sortedRows(rows, WORST_FIRST).map(titleOf)).toEqual(['broken', 'flaky', 'calm', 'unused']);
});

test.each<[FunctionSort, 'asc' | 'desc', string[]]>([
  ['name', 'asc', ['broken', 'calm', 'flaky', 'unused']],
  ['p95', 'desc', ['flaky', 'calm', 'broken', 'unused']],
  ['p50', 'asc', ['flaky', 'calm', 'broken', 'unused']],
  ['waiting', 'desc', ['flaky', 'broken', 'calm', 'unused']],
])('sorted by %s, %s', (by, order, names) => {
  expect(sortedRows(rows, { by, order }).map(titleOf)).toEqual(names);
});

test('a text is looked for in names, addresses and ids without regard to case', () => {
  expect(rowsWith(rows, ' FLAK').map(titleOf)).toEqual(['flaky']);
  expect(rowsWith(rows, 'example.com')).toHaveLength(4);
  expect(rowsWith(rows, 'nothing')).toEqual([]);
});
