import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { freePort, waitUntil } from '@automation/testing';

import { keptSecret, prepareDataDirectory } from './data-directory.ts';
import { dataPaths } from './data-paths.ts';
import {
  createLocalRuns,
  isRunning,
  serverOf,
  untilServerIsGone,
  untilWelcomed,
  type Welcomed,
} from './local-runs.fixture.ts';

const runs = createLocalRuns();

afterEach(() => runs.cleanUp());

async function createJob({ api }: Welcomed): Promise<string> {
  const fn = await api.post('/functions', { name: 'fn', url: 'http://127.0.0.1:9/' });
  const job = { function_id: fn.body['id'], name: 'kept', schedule: '@yearly' };
  const { body } = await api.post('/automation/jobs', job);
  return String(body['id']);
}

async function untilExists(path: string): Promise<void> {
  await waitUntil(() => existsSync(path), { what: path, timeoutMs: 30_000 });
}

/** Its name, if it is there. */
async function nameOf({ api }: Welcomed, jobId: string): Promise<unknown> {
  return (await api.get(`/automation/jobs/${jobId}`)).body['name'];
}

test('Ctrl-C stops everything, and the next start has the same key and data (SPEC 6)', async () => {
  const DATA_DIR = await runs.newDataDir();
  const first = runs.start({ DATA_DIR });
  const welcomed = await untilWelcomed(first);
  const jobId = await createJob(welcomed);
  const server = serverOf(DATA_DIR);

  first.signal('SIGINT');
  expect(await first.untilExit()).toEqual({ code: 0, signal: null });
  expect(first.text('stderr')).toBe('');
  expect(isRunning(server)).toBe(false);

  const again = await untilWelcomed(runs.start({ DATA_DIR }));
  expect(again.key).toBe(welcomed.key);
  expect(await nameOf(again, jobId)).toBe('kept');
});

test('Ctrl-C during the start ends it with 0 and leaves no server', async () => {
  const DATA_DIR = await runs.newDataDir();
  const run = runs.start({ DATA_DIR });
  await untilExists(DATA_DIR);
  run.signal('SIGINT');
  expect(await run.untilExit()).toEqual({ code: 0, signal: null });
  await untilServerIsGone(DATA_DIR);
});

test('killed while it runs, it starts again at once with its data', async () => {
  const DATA_DIR = await runs.newDataDir();
  const first = runs.start({ DATA_DIR });
  const jobId = await createJob(await untilWelcomed(first));
  first.signal('SIGKILL');
  const again = await untilWelcomed(runs.start({ DATA_DIR }));
  expect(await nameOf(again, jobId)).toBe('kept');
});

test('killed while it makes the database, it starts again at once', async () => {
  const DATA_DIR = await runs.newDataDir();
  const first = runs.start({ DATA_DIR });
  await untilExists(`${dataPaths(DATA_DIR).database}.new`);
  first.signal('SIGKILL');
  const again = await untilWelcomed(runs.start({ DATA_DIR }));
  expect(await nameOf(again, await createJob(again))).toBe('kept');
});

test('a server that outlived the process that held it is ended by the next start', async () => {
  const DATA_DIR = await runs.newDataDir();
  const orphan = await startOrphan(DATA_DIR);
  const run = await untilWelcomed(runs.start({ DATA_DIR }));
  expect(await nameOf(run, await createJob(run))).toBe('kept');
  expect(serverOf(DATA_DIR)).not.toBe(orphan);
  await waitUntil(() => !isRunning(orphan));
});

/** A server as it is left when everything else of a run is killed. */
async function startOrphan(dataDir: string): Promise<number> {
  const { lock, database, databasePassword } = dataPaths(dataDir);
  await prepareDataDirectory(dataDir);
  const holder = fork(join(import.meta.dirname, 'postgres-process.ts'), { stdio: 'ignore' });
  const answered = once(holder, 'message');
  const password = await keptSecret(databasePassword);
  holder.send({ lock, directory: database, port: await freePort(), password });
  expect(await answered).toEqual([{ kind: 'ready' }, undefined]);
  const exited = once(holder, 'exit');
  holder.kill('SIGKILL');
  await exited;
  return serverOf(dataDir);
}

test('of two starts at the same time on the same data one runs, and later ones say so and do it no harm', async () => {
  const DATA_DIR = await runs.newDataDir();
  const both = [runs.start({ DATA_DIR }), runs.start({ DATA_DIR })];
  const welcomes = await Promise.allSettled(both.map(untilWelcomed));
  const running = welcomes.flatMap((welcome) => (welcome.status === 'fulfilled' ? [welcome.value] : []));
  expect(running).toHaveLength(1);

  const later = runs.start({ DATA_DIR });
  expect(await later.untilExit()).toEqual({ code: 1, signal: null });
  const inUse =
    `local could not start: DATA_DIR "${DATA_DIR}" is in use by another \`npm start\`; ` +
    'stop that one, or set another DATA_DIR\n';
  expect(later.text('stderr')).toBe(inUse);
  expect(both.map((run) => run.text('stderr')).join('')).toBe(inUse);
  expect((await running[0]?.api.get('/automation/jobs'))?.items).toMatchObject([{ name: 'demo' }]);
});
