import { createHash, randomBytes } from 'node:crypto';

import { Client } from 'pg';

import { waitUntil } from './wait-until.ts';

export const TEST_DATABASE_PREFIX = 'automation_test_';
const TEMPLATE_LOCK = 7_312_001;

export interface TestDatabase {
  url: string;
  /** Drops the database. Throws if the code under test left a connection open. */
  drop(): Promise<void>;
}

/**
 * A database of its own for a test file, copied from a template on which the migrations ran once for the whole test run.
 */
export async function createTestDatabase(
  ...migrations: ((url: string) => Promise<unknown>)[]
): Promise<TestDatabase> {
  const name = `${TEST_DATABASE_PREFIX}${randomBytes(6).toString('hex')}`;
  await withServer(async (server) => {
    await server.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const template = await ensureTemplate(server, migrations);
    await server.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  return {
    url: urlOf(name),
    drop: () => withServer((server) => dropUnused(server, name)),
  };
}

async function ensureTemplate(
  server: Client,
  migrations: readonly ((url: string) => Promise<unknown>)[],
): Promise<string> {
  const key = [process.env['TEST_RUN_ID'], ...migrations.map((migration) => migration.name)].join('/');
  const template = `${TEST_DATABASE_PREFIX}template_${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
  const { rowCount } = await server.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
  if (rowCount === 0) {
    await server.query(`CREATE DATABASE ${template}`);
    for (const migration of migrations) await migration(urlOf(template));
  }
  return template;
}

/** A closed pool doesn't wait for the server to notice, so its sessions may stay for a moment. */
async function dropUnused(server: Client, name: string): Promise<void> {
  let sessions: unknown[] = [];
  const isUnused = async () => (sessions = await sessionsOf(server, name)).length === 0;
  try {
    await waitUntil(isUnused, { timeoutMs: 10_000, what: 'the connections to be closed' });
  } catch (error) {
    throw new Error(`connections left open: ${JSON.stringify(sessions)}`, { cause: error });
  } finally {
    await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
  }
}

async function sessionsOf(server: Client, name: string): Promise<unknown[]> {
  const { rows } = await server.query<object>(
    `SELECT application_name AS application, query FROM pg_stat_activity
     WHERE datname = $1 AND backend_type = 'client backend'`,
    [name],
  );
  return rows;
}

async function withServer(work: (server: Client) => Promise<void>): Promise<void> {
  const server = new Client({ connectionString: serverUrl().href });
  await server.connect();
  try {
    await work(server);
  } finally {
    await server.end();
  }
}

function urlOf(database: string): string {
  const url = serverUrl();
  url.pathname = `/${database}`;
  return url.href;
}

function serverUrl(): URL {
  const url = process.env['TEST_SERVER_URL'];
  if (url === undefined) throw new Error('no TEST_SERVER_URL: run the tests with `npm test`');
  return new URL(url);
}
