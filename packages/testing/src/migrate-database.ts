import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** Migrates a database as an operator does it, by the code of a repository, this one if no other is given. */
export async function migrateDatabase(url: string, repository = REPOSITORY): Promise<void> {
  const child = spawn(process.execPath, ['apps/api/src/migrate.ts'], {
    cwd: repository,
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit: unknown[] = await once(child, 'exit');
  if (exit[0] !== 0) throw new Error('the migrations failed');
}
