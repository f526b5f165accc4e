import { readFile } from 'node:fs/promises';

import { deriveTables, PAGE } from './derive-tables.ts';
import { withTables } from './page.ts';

const PLACE = '<!-- table: steps -->\n\nold\n\n<!-- end -->';
const NEW = new Map([['steps', '| new |']]);

test('infra/SCALING.md has the numbers that the results come to; `npm run scaling -- --write` puts them in', async () => {
  const page = await readFile(PAGE, 'utf8');

  expect(page).toBe(withTables(page, await deriveTables()));
});

test('a table takes the place of the one before it, and of none', () => {
  const filled = 'before\n\n<!-- table: steps -->\n\n| new |\n\n<!-- end -->\n\nafter';

  expect(withTables(`before\n\n${PLACE}\n\nafter`, NEW)).toBe(filled);
  expect(withTables('before\n\n<!-- table: steps -->\n\n<!-- end -->\n\nafter', NEW)).toBe(filled);
});

test('a table without a place, and a place without a table, are errors', () => {
  expect(() => withTables('nothing', NEW)).toThrow('the page has no place for the table "steps"');
  expect(() => withTables(PLACE, new Map())).toThrow('the page asks for a table "steps", which there is not');
});
