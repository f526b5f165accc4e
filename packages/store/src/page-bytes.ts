import { type Expression, type RawBuilder, sql } from 'kysely';

import type { Database } from './database.ts';

/** A page takes no more of anybody's memory, but for its last row: each may have much of what users and functions said. */
const PAGE_BYTES = 4 * 1_024 * 1_024;

/** What columns of a row take as text. */
export function bytesOf(...columns: string[]): RawBuilder<number> {
  const sizes = columns.map((column) => sql`coalesce(octet_length(${sql.ref(column)}::text), 0)`);
  return sql<number>`(${sql.join(sizes, sql` + `)})`;
}

/** The first rows of a page, in its order: all of them, unless they are large. `bytes` says what each of them takes. */
export async function readPage<Row>(
  db: Database,
  page: Expression<Row & { bytes: number }>,
  { columns, order }: { columns: readonly (keyof Row & string)[]; order: RawBuilder<unknown> },
): Promise<Row[]> {
  const { rows } = await sql<Row>`
    SELECT ${sql.join(columns.map((column) => sql.ref(column)))}
    FROM (
      SELECT *, sum(bytes) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) - bytes AS bytes_before
      FROM ${page} AS page
    ) AS measured
    WHERE bytes_before < ${PAGE_BYTES} ORDER BY ${order}`.execute(db);
  return rows;
}
