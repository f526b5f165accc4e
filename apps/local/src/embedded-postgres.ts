import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { dataPaths } from './config.ts';
import { isReachableByOthers, keptSecret } from './data-directory.ts';
import { isPostgresMessage, type PostgresOptions } from './postgres-message.ts';

export interface EmbeddedDatabase {
  url: string;
  /** Where its files are. */
  directory: string;
  stop(): Promise<void>;
}

/** For root, whose server has to run as another user: a place which that user can reach. */
const ROOT_DIRECTORY = '/var/lib/automation-service';

/** Starts PostgreSQL on a free port of 127.0.0.1 with its files in the data directory, created the first time. */
export async function startEmbeddedPostgres(dataDir: string): Promise<EmbeddedDatabase> {
  const paths = dataPaths(dataDir);
  const directory = await databaseDirectory(dataDir);
  const password = await keptSecret(paths.databasePassword);
  const port = await freePort();
  const initialised = existsSync(join(directory, 'PG_VERSION'));
  const child = await startProcess({ directory, port, password, initialised });
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    directory,
    stop: async () => {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

/** PostgreSQL refuses to run as root, and the user that it runs as can't get into root's private directories. */
async function databaseDirectory(dataDir: string): Promise<string> {
  if (process.getuid?.() !== 0 || (await isReachableByOthers(dataDir))) return dataPaths(dataDir).database;
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  await mkdir(ROOT_DIRECTORY, { recursive: true, mode: 0o755 });
  return join(ROOT_DIRECTORY, name);
}

async function startProcess(options: PostgresOptions): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'postgres-process.ts'), [JSON.stringify(options)], {
    // A process group of its own: the terminal's Ctrl-C is not for it.
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const answer: unknown = await Promise.race([
    once(child, 'message').then(([message]: unknown[]) => message),
    once(child, 'exit').then(([code]: unknown[]) => ({
      kind: 'failed',
      error: `it ended with exit code ${String(code)}`,
    })),
  ]);
  if (isPostgresMessage(answer) && answer.kind === 'ready') return child;
  if (child.connected) child.disconnect();
  const error = isPostgresMessage(answer) && answer.kind === 'failed' ? answer.error : String(answer);
  throw new Error(`PostgreSQL did not start in ${options.directory}: ${error}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free TCP port');
  return address.port;
}
