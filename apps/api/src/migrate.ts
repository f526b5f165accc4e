import { installQueues, type QueueBackend } from '@automation/queue';
import {
  ConfigError,
  type DatabaseConfig,
  databaseKeys,
  errorMessage,
  loadConfig,
} from '@automation/service-kit';
import { migrate } from '@automation/store';

/** EX_CONFIG of sysexits.h (SPEC 6). */
const EXIT_CONFIG = 78;
const EXIT_FAILURE = 1;

/**
 * Brings our tables and the queues up to date, and answers the names of our migrations that ran. Safe from many
 * replicas at once (SPEC 6).
 */
export async function migrateAll(url: string, backend: QueueBackend = 'postgres'): Promise<string[]> {
  const applied = await migrate(url);
  await installQueues(url, backend);
  return applied;
}

async function main(): Promise<void> {
  const { DATABASE_URL, QUEUE_BACKEND } = databaseKeys;
  const config = loadConfig<Pick<DatabaseConfig, 'DATABASE_URL' | 'QUEUE_BACKEND'>>(
    { DATABASE_URL, QUEUE_BACKEND },
    process.env,
  );
  const applied = await migrateAll(config.DATABASE_URL, config.QUEUE_BACKEND);
  process.stdout.write(
    applied.length === 0 ? 'database is up to date\n' : `database migrated: ${applied.join(', ')}\n`,
  );
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(`${error.problems.join('\n')}\n`);
      process.exitCode = EXIT_CONFIG;
    } else {
      process.stderr.write(`database could not be migrated: ${errorMessage(error)}\n`);
      process.exitCode = EXIT_FAILURE;
    }
  }
}
