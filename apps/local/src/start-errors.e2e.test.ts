import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';

import { openStore } from '@automation/store';
import { type AppProcess, createTestDatabase, freePort } from '@automation/testing';

import { dataPaths } from './data-paths.ts';
import { createLocalRuns, untilServerIsGone } from './local-runs.fixture.ts';
import { migrateAll } from './migrate-all.fixture.ts';

const runs = createLocalRuns();
const database = await createTestDatabase(migrateAll);

afterEach(() => runs.cleanUp());

// It fails if a start that failed left a connection open.
afterAll(() => database.drop());

/** How a start ended that could not work. */
async function outcome(run: AppProcess) {
  const { code } = await run.untilExit();
  return { code, stderr: run.text('stderr') };
}

const startWith = async (env: NodeJS.ProcessEnv) =>
  outcome(runs.start({ DATA_DIR: await runs.newDataDir(), DATABASE_URL: database.url, ...env }));

function databaseUrl(changes: Partial<Pick<URL, 'port' | 'password' | 'pathname'>>): string {
  return Object.assign(new URL(database.url), changes).href;
}

async function isAccepted(url: string): Promise<boolean> {
  const store = openStore({ url, poolSize: 1, applicationName: 'test', onConnectionError: () => undefined });
  try {
    await store.ping();
    return true;
  } catch {
    return false;
  } finally {
    await store.close();
  }
}

describe('settings that are wrong', () => {
  test('all are named at once, those of the apps too, and nothing is started', async () => {
    const DATA_DIR = await runs.newDataDir();
    const { code, stderr } = await startWith({
      DATA_DIR,
      DATABASE_URL: 'localhost:5432',
      BOOTSTRAP_API_KEY: 'short',
      DEMO: 'perhaps',
      METRICS_PORT: '65535',
      POLL_INTERVAL_MS: 'often',
      WORKER_CONCURRENCY: '0',
    });
    expect(code).toBe(78);
    expect(stderr.trimEnd().split('\n').toSorted()).toEqual([
      'BOOTSTRAP_API_KEY length must be at least 32 characters long',
      'DATABASE_URL must be a URI like postgres://user:password@host:5432/database',
      'DEMO "perhaps" must be true or false',
      'METRICS_PORT "65535" must be less than or equal to 65533',
      'POLL_INTERVAL_MS "often" must be a number',
      'WORKER_CONCURRENCY "0" must be greater than or equal to 1',
    ]);
    expect(existsSync(DATA_DIR)).toBe(false);
  });

  test('the demo is not reachable on a public network', async () => {
    expect(await startWith({ FUNCTION_NETWORK: 'public' })).toEqual({
      code: 78,
      stderr:
        'FUNCTION_NETWORK "public" refuses the demo function, which runs on this machine: set DEMO=false beside it\n',
    });
  });
});

describe('a port that is taken', () => {
  const others: Server[] = [];

  /** A port on which somebody else listens. */
  async function takenPort(host: string): Promise<number> {
    const port = await freePort();
    const other = createServer().listen(port, host);
    others.push(other);
    await once(other, 'listening');
    return port;
  }

  afterAll(() => {
    for (const other of others) other.close();
  });

  test.each([
    ['API_PORT', '127.0.0.1'],
    ['METRICS_PORT', '0.0.0.0'],
  ])('%s', async (setting, host) => {
    const port = await takenPort(host);
    expect(await startWith({ [setting]: String(port) })).toEqual({
      code: 1,
      stderr: `local could not start: ${setting} ${port} is already in use\n`,
    });
  });

  test('the embedded server is stopped again', async () => {
    const port = await takenPort('127.0.0.1');
    const DATA_DIR = await runs.newDataDir();
    expect(await outcome(runs.start({ DATA_DIR, API_PORT: String(port) }))).toEqual({
      code: 1,
      stderr: `local could not start: API_PORT ${port} is already in use\n`,
    });
    expect(existsSync(dataPaths(DATA_DIR).database)).toBe(true);
    await untilServerIsGone(DATA_DIR);
  });
});

describe('a DATABASE_URL that cannot be used', () => {
  test('nobody listens there', async () => {
    const port = String(await freePort());
    const { code, stderr } = await startWith({ DATABASE_URL: databaseUrl({ port }) });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^local could not start: the database .*:${port}/.* cannot be used: .*ECONNREFUSED.*\\n$`),
    );
  });

  test('there is no such database', async () => {
    const { code, stderr } = await startWith({ DATABASE_URL: databaseUrl({ pathname: '/nowhere' }) });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^local could not start: the database .*\/nowhere cannot be used: database "nowhere" does not exist\n$/,
    );
  });

  test('the password is wrong, and is not shown', async () => {
    const wrongPassword = databaseUrl({ password: 'wrong-password' });
    // A server of the user's own may trust everyone.
    if (await isAccepted(wrongPassword)) return;
    const { code, stderr } = await startWith({ DATABASE_URL: wrongPassword });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^local could not start: the database .* cannot be used: password authentication failed for user .*\n$/,
    );
    expect(stderr).not.toContain('wrong-password');
  });
});

describe('a DATA_DIR that cannot be used', () => {
  test('it is below a file', async () => {
    const file = await runs.newDataDir();
    await writeFile(file, '');
    const DATA_DIR = join(file, 'data');
    expect(await outcome(runs.start({ DATA_DIR }))).toEqual({
      code: 1,
      stderr:
        `local could not start: DATA_DIR "${DATA_DIR}" cannot be used: ` +
        'a part of its path is a file, not a directory; set another DATA_DIR\n',
    });
  });
});
