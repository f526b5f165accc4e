import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** Migrates a database as an operator does it. */
export async function migrateDatabase(url: string): Promise<void> {
  const child = spawn(process.execPath, ['apps/api/src/migrate.ts'], {
    cwd: REPOSITORY,
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit: unknown[] = await once(child, 'exit');
  if (exit[0] !== 0) throw new Error('the migrations failed');
}
