import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  createTestDatabase,
  freePort,
  killProgram,
  startInstalled,
  type TestDatabase,
  waitUntil,
} from '@automation/testing';

import { migrateAll } from './migrate-all.fixture.ts';
import { clientOf, newFunction, openSystem, type TestSystem, warningsOf } from './system.fixture.ts';

/** Fewer sessions than the services have connections: they have to be lent. */
const SESSIONS = 4;

let database: TestDatabase;
let system: TestSystem;
let directory: string;
let pooler: { process: ChildProcess; url: string };

/** In transaction mode, on a port of its own. */
async function startPgBouncer(server: URL) {
  const port = await freePort();
  const file = join(directory, 'pgbouncer.ini');
  await writeFile(file, configOf(server, port));
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const started = await startInstalled('pgbouncer', ['-q', ...user, file], 'ignore');
  if (started === null) throw new Error('there is no pgbouncer');
  await waitUntil(() => accepts(port), { what: 'pgbouncer to listen' });
  const url = new URL(server);
  url.port = String(port);
  return { process: started, url: url.href };
}

function configOf({ hostname, port: serverPort, username, password }: URL, port: number): string {
  const server = [`host=${hostname}`, `port=${serverPort}`, `user=${username}`];
  if (password !== '') server.push(`password=${password}`);
  return `[databases]
* = ${server.join(' ')}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${SESSIONS}
`;
}

const accepts = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

if (spawnSync('pgbouncer', ['--version']).error === undefined) {
  beforeAll(async () => {
    database = await createTestDatabase(migrateAll);
    directory = await mkdtemp(join(tmpdir(), 'pgbouncer-'));
    pooler = await startPgBouncer(new URL(database.url));
    system = await openSystem(pooler.url);
  });

  afterAll(async () => {
    await system.close();
    await killProgram(pooler.process);
    await rm(directory, { recursive: true });
    await database.drop();
  });

  test('through PgBouncer in transaction mode everything works, at once, if DATABASE_SESSION_URL leads past it', async () => {
    const env = { DATABASE_SESSION_URL: database.url };
    const apps = [
      await system.start('api', env),
      await system.start('scheduler', { ...env, POLL_INTERVAL_MS: '60000' }),
      await system.start('worker', env),
    ] as const;
    const api = clientOf(apps[0]);
    const fn = await newFunction(system, api, () => ({ body: { shouldPerform: true } }));
    // The scheduler hardly polls within the test: the api's notification wakes the scheduler, the scheduler's the worker.
    const jobs = Array.from({ length: 10 }, (_, n) =>
      api.post('/automation/jobs', { function_id: fn.id, name: `pooled ${n}`, schedule: '@every 1s' }),
    );
    expect((await Promise.all(jobs)).map(({ status }) => status)).toEqual(jobs.map(() => 201));
    await waitUntil(() => fn.calls('perform').length >= 30, { what: 'thirty performs', timeoutMs: 20_000 });
    expect(apps.flatMap((app) => warningsOf(app))).toEqual([]);
  });
} else {
  test.todo('through PgBouncer: this machine has none (Debian: apt install pgbouncer)');
}
