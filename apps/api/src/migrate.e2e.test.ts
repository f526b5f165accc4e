import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { openStore } from '@automation/store';
import { createTestDatabase, freePort, type TestDatabase } from '@automation/testing';

interface Ended {
  code: unknown;
  stdout: string;
  stderr: string;
}

const SCRIPT = fileURLToPath(new URL('./migrate.ts', import.meta.url));

/** Runs `node apps/api/src/migrate.ts` with no settings but these. */
async function migrate(env: NodeJS.ProcessEnv): Promise<Ended> {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [SCRIPT], {
    env: { PATH, NODE_COMPILE_CACHE, NODE_OPTIONS: '--disable-warning=ExperimentalWarning', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

/** No migrations. */
async function empty(): Promise<void> {
  // The database stays as it was created.
}

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase(empty);
});

afterAll(() => database.drop());

async function tables(): Promise<string[]> {
  const store = openStore({
    url: database.url,
    poolSize: 1,
    applicationName: 'test',
    onConnectionError: () => undefined,
  });
  const { rows } = await store.pool.query<{ name: string }>(
    `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
     WHERE table_schema IN ('public', 'pgboss')`,
  );
  await store.close();
  return rows.map(({ name }) => name);
}

describe('node apps/api/src/migrate.ts (SPEC 6)', () => {
  test('is safe from many replicas at once, and does nothing the second time', async () => {
    const env = { DATABASE_URL: database.url };
    const all = await Promise.all([1, 2, 3, 4].map(() => migrate(env)));
    expect(all.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      all.map(() => ({ code: 0, stderr: '' })),
    );
    const said = all.map(({ stdout }) => stdout).toSorted();
    expect(said.slice(0, 3)).toEqual(Array.from({ length: 3 }, () => 'database is up to date\n'));
    expect(said[3]).toMatch(/^database migrated: 0001-initial/);
    expect(await migrate(env)).toEqual({ code: 0, stdout: 'database is up to date\n', stderr: '' });
    expect(await tables()).toEqual(expect.arrayContaining(['public.automation_jobs', 'pgboss.job']));
  });

  test.each([
    ['', 'DATABASE_URL is required\n'],
    [
      'mysql://me:hidden@host/x',
      'DATABASE_URL must be a URI like postgres://user:password@host:5432/database\n',
    ],
  ])('DATABASE_URL %j is a mistake that it names, and exits with 78', async (url, stderr) => {
    expect(await migrate({ DATABASE_URL: url })).toEqual({ code: 78, stdout: '', stderr });
  });

  test('QUEUE_BACKEND is passed on, and one that our own SQL can not run on is refused', async () => {
    const env = { DATABASE_URL: database.url };
    expect(await migrate({ ...env, QUEUE_BACKEND: 'citus' })).toMatchObject({ code: 0, stderr: '' });
    const { code, stderr } = await migrate({ ...env, QUEUE_BACKEND: 'cockroachdb' });
    expect(code).toBe(78);
    expect(stderr).toMatch(/^QUEUE_BACKEND "cockroachdb" must be postgres or citus: .*\n$/);
  });

  test('when nobody listens there it exits with 1 and says in one line why, without the password', async () => {
    const port = await freePort();
    const { code, stdout, stderr } = await migrate({
      DATABASE_URL: `postgres://me:hidden@127.0.0.1:${port}/x`,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^database could not be migrated: .*ECONNREFUSED.*${port}\\n$`));
    expect(stderr).not.toContain('hidden');
  });

  test.each([
    ['the database does not exist', { pathname: '/nowhere' }, 'database "nowhere" does not exist'],
    ['the password is wrong', { password: 'hidden' }, 'password authentication failed for user "postgres"'],
  ])('when %s it says so, and exits with 1', async (_, wrong, reason) => {
    const { href } = Object.assign(new URL(database.url), wrong);
    expect(await migrate({ DATABASE_URL: href })).toEqual({
      code: 1,
      stdout: '',
      stderr: `database could not be migrated: ${reason}\n`,
    });
  });
});
