import { Migrator } from 'kysely/migration';

import { openStore } from './database.ts';
import * as initial from './migrations/0001-initial.ts';
import * as stoppedJobs from './migrations/0002-stopped-jobs.ts';
import * as checksUnderWay from './migrations/0003-checks-under-way.ts';
import * as secretRotation from './migrations/0004-secret-rotation.ts';
import * as auditLog from './migrations/0005-audit-log.ts';
import * as events from './migrations/0006-events.ts';
import * as externalAccounts from './migrations/0007-external-accounts.ts';
import * as jobCounts from './migrations/0008-job-counts.ts';
import { ensurePartitions } from './partitions.ts';

/**
 * Brings the schema of the database at `url` up to date and answers the names of the migrations that it ran.
 * kysely's migrator holds a lock for the time, so any number of replicas may call this at once.
 */
export async function migrate(url: string): Promise<string[]> {
  const store = openStore({
    url,
    poolSize: 2,
    applicationName: 'automation-migrate',
    onConnectionError: () => undefined,
  });
  try {
    const migrator = new Migrator({
      db: store.db.withoutPlugins(),
      provider: {
        getMigrations: async () => ({
          '0001-initial': initial,
          '0002-stopped-jobs': stoppedJobs,
          '0003-checks-under-way': checksUnderWay,
          '0004-secret-rotation': secretRotation,
          '0005-audit-log': auditLog,
          '0006-events': events,
          '0007-external-accounts': externalAccounts,
          '0008-job-counts': jobCounts,
        }),
      },
    });
    const { error, results } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
    await ensurePartitions(store.db, new Date());
    return (results ?? []).map((result) => result.migrationName);
  } finally {
    await store.close();
  }
}
