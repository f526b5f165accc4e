import { CompiledQuery } from 'kysely';

import type { Database } from './database.ts';

/**
 * A statement that runs so often that its text is made once: to build that of a job's columns costs more than all that
 * comes after it. Its parameters are `$1`, `$2`, …, and its rows come in camelCase, like those of any other.
 */
export function statement<Row>(text: string): (db: Database, parameters: unknown[]) => Promise<Row[]> {
  return async (db, parameters) => {
    const { rows } = await db.executeQuery<Row>(CompiledQuery.raw(text, parameters));
    return rows;
  };
}

/** A table's keys as the columns that CamelCasePlugin makes of them. */
export function columnsOf(keys: readonly string[]): string {
  return keys.map((key) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)).join(', ');
}
