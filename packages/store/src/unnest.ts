import { type RawBuilder, sql } from 'kysely';

import { storableJson, storableText } from './storable.ts';

type ColumnTypes<Row> = { readonly [K in keyof Row & string]: PostgresType };
type PostgresType = 'uuid' | 'text' | 'timestamptz' | 'integer' | 'boolean' | 'jsonb';

/**
 * Rows as a table expression `unnest(…) AS input(…)` of one array per column, its columns named in snake_case: the
 * statement's text, and so its plan, is the same for one row and for five hundred.
 */
export function unnest<Row>(rows: readonly Row[], types: ColumnTypes<Row>): RawBuilder<unknown> {
  const columns = Object.entries<PostgresType>(types);
  const arrays = columns.map(([key, type]) => {
    const values = rows.map((row) => columnValue(row, key, type));
    return sql`${values}::${sql.raw(type)}[]`;
  });
  const names = columns.map(([key]) => sql.ref(key));
  return sql`unnest(${sql.join(arrays)}) AS input(${sql.join(names)})`;
}

function columnValue(row: unknown, key: string, type: PostgresType): unknown {
  const value: unknown = Reflect.get(Object(row), key);
  if (type === 'jsonb') return value === null ? null : storableJson(value);
  return typeof value === 'string' ? storableText(value) : value;
}
