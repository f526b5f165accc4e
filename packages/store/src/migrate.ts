import { setTimeout as delay } from 'node:timers/promises';

import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';

import { type Database, openStore } from './database.ts';
import { ALL_MIGRATIONS } from './migrations/all-migrations.ts';
import { ensurePartitions } from './partitions.ts';
import { requirePostgres } from './require-postgres.ts';

const LOCK_TIMEOUT_MS = 2_000;
const LOCK_NOT_AVAILABLE = '55P03';
const PAUSE_MS = 1_000;
/** Five minutes. */
const MOST_TRIES = 100;

/**
 * Brings the schema of the database at `url` up to date and answers the names of the migrations that it ran.
 * kysely's migrator holds a lock for the time, so any number of replicas may call this at once. Throws an error that says so
 * if the server is none that our SQL runs on.
 */
export async function migrate(url: string): Promise<string[]> {
  const store = openStore({
    url,
    poolSize: 2,
    applicationName: 'automation-migrate',
    onConnectionError: () => undefined,
  });
  try {
    await requirePostgres(store.db);
    const names = await runMigrations(store.db);
    await ensurePartitions(store.db, new Date());
    return names;
  } finally {
    await store.close();
  }
}

/** Tries again and again where a table can't be had, so that a long transaction, of a backup say, holds up nobody else. */
async function runMigrations(db: Database): Promise<string[]> {
  const migrations: Record<string, Migration> = {};
  for (const [name, migration] of Object.entries(ALL_MIGRATIONS)) migrations[name] = givingWay(migration);
  const provider = { getMigrations: async () => migrations };
  const migrator = new Migrator({ db: db.withoutPlugins(), provider });
  // A later release may have run more of them, which the migrator would take for an error: this one has come back then.
  const known = await migrator.getMigrations();
  if (known.every(({ executedAt }) => executedAt !== undefined)) return [];
  for (let tries = 1; ; tries++) {
    const { error, results = [] } = await migrator.migrateToLatest();
    if (error === undefined) return results.map((result) => result.migrationName);
    if (!isLockTimeout(error) || tries === MOST_TRIES) throw error;
    await delay(PAUSE_MS);
  }
}

/** What asks for a table after a migration does waits behind it, be it for reading: so it does not wait for long itself. */
function givingWay(migration: Migration): Migration {
  return {
    up: async (db) => {
      await sql`SET LOCAL lock_timeout = ${sql.lit(LOCK_TIMEOUT_MS)}`.execute(db);
      await migration.up(db);
    },
  };
}

function isLockTimeout(error: unknown): boolean {
  return Error.isError(error) && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
}
