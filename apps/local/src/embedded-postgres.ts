import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { isReachableByOthers, keptSecret } from './data-directory.ts';
import { dataPaths } from './data-paths.ts';
import { isPostgresMessage, type PostgresMessage, type PostgresOptions } from './postgres-message.ts';

export interface EmbeddedDatabase {
  url: string;
  /** Where its files are. */
  directory: string;
  stop(): Promise<void>;
}

/** For root, whose server has to run as another user: a place which that user can reach. */
const ROOT_DIRECTORY = '/var/lib/automation-service';

/**
 * Starts PostgreSQL on a free port of 127.0.0.1 with its files in the data directory, created the first time.
 *
 * @throws Error saying what to do if another start uses the data directory, or if root keeps the checkout to itself
 */
export async function startEmbeddedPostgres(dataDir: string): Promise<EmbeddedDatabase> {
  await requireReachableBinaries();
  const { lock, databasePassword } = dataPaths(dataDir);
  const password = await keptSecret(databasePassword);
  const directory = await databaseDirectory(dataDir, password);
  const port = await freePort();
  const child = forkProcess({ lock, directory, port, password });
  const answer = await firstAnswer(child);
  if (answer.kind !== 'ready') {
    await end(child);
    throw new Error(
      answer.kind === 'in use'
        ? `DATA_DIR "${dataDir}" is in use by another \`npm start\`; stop that one, or set another DATA_DIR`
        : `PostgreSQL did not start in ${directory}: ${answer.error}`,
    );
  }
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    directory,
    stop: () => end(child),
  };
}

/** The server's programs are in the checkout; as root, another user has to get at them. */
async function requireReachableBinaries(): Promise<void> {
  const { dirname } = import.meta;
  if (process.getuid?.() !== 0 || (await isReachableByOthers(dirname))) return;
  throw new Error(
    `PostgreSQL refuses to run as root, and the user that it runs as cannot get into ${dirname}: ` +
      'move the checkout to a directory that others may enter, run as another user, or set DATABASE_URL',
  );
}

/**
 * PostgreSQL refuses to run as root, and the user that it runs as can't get into root's private directories. The place
 * outside goes by the password as well: a data directory that was removed and made anew has a new database.
 */
async function databaseDirectory(dataDir: string, password: string): Promise<string> {
  if (process.getuid?.() !== 0 || (await isReachableByOthers(dataDir))) return dataPaths(dataDir).database;
  const name = createHash('sha256').update(`${dataDir}\n${password}`).digest('hex').slice(0, 12);
  await mkdir(ROOT_DIRECTORY, { recursive: true, mode: 0o755 });
  return join(ROOT_DIRECTORY, name);
}

function forkProcess(options: PostgresOptions): ChildProcess {
  const child = fork(join(import.meta.dirname, 'postgres-process.ts'), {
    // A process group of its own: the terminal's Ctrl-C is not for it.
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.send(options);
  return child;
}

async function firstAnswer(child: ChildProcess): Promise<PostgresMessage> {
  const event: unknown[] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  const [answer] = event;
  return isPostgresMessage(answer)
    ? answer
    : { kind: 'failed', error: `its process ended with exit code ${String(answer)}` };
}

/** Lets go of the process, which then stops its server. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  if (child.connected) child.disconnect();
  await exited;
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
