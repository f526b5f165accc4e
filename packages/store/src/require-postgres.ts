import { sql } from 'kysely';

import type { Database } from './database.ts';

/** The oldest major version that the tests pass on (README); pg-boss asks for no newer one. */
const OLDEST = 13;

/** Throws an error that says what is needed if the server is an older PostgreSQL, or another engine that speaks like one. */
export async function requirePostgres(db: Database): Promise<void> {
  const { rows } = await sql<{ version: string }>`SELECT version()`.execute(db);
  const version = rows[0]?.version ?? 'unknown';
  if (isSupported(version)) return;
  const [name = version] = version.split(' on ', 1);
  throw new Error(`PostgreSQL ${OLDEST} or newer is needed, and the server is ${name}`);
}

/** YugabyteDB calls itself `PostgreSQL 15.12-YB-…`. */
export function isSupported(version: string): boolean {
  const [, major] = /^PostgreSQL (\d+)(?!\S*-YB-)/.exec(version) ?? [];
  return Number(major ?? 0) >= OLDEST;
}
