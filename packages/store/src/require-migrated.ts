import type { Database } from './database.ts';

const UNDEFINED_TABLE = '42P01';

/** Throws an error that says what to do if the database doesn't have our tables. */
export async function requireMigrated(db: Database): Promise<void> {
  try {
    // The jobs are what every service may read.
    await db.selectFrom('automationJobs').select('id').limit(1).execute();
  } catch (error) {
    if (!Error.isError(error) || !('code' in error) || error.code !== UNDEFINED_TABLE) throw error;
    const message = 'the database is not migrated, run `node apps/api/src/migrate.ts` first';
    throw new Error(message, { cause: error });
  }
}
