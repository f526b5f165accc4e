import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { deriveTables, PAGE } from './derive-tables.ts';
import { withTables } from './page.ts';

// npm run scaling: the tables of infra/SCALING.md, derived from packages/bench/results. With --write they are put into the page.

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const tables = await deriveTables();
if (values.write) await writeFile(PAGE, withTables(await readFile(PAGE, 'utf8'), tables));
else process.stdout.write([...tables].map(([name, table]) => `${name}\n\n${table}\n`).join('\n'));
