import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { createTestDatabase, freePort, waitUntil } from '@automation/testing';

import { createLocalRuns, isRunning } from './local-runs.fixture.ts';
import { migrateAll } from './migrate-all.fixture.ts';

// A busy machine takes its time to start npm, and all that it runs.
import.meta.jest.setTimeout(60_000);

const ROOT = new URL('../../../', import.meta.url);

const runs = createLocalRuns();

afterAll(() => runs.cleanUp());

test('a SIGTERM to npm stops what it runs, cleanly (SPEC 6)', async () => {
  const database = await createTestDatabase(migrateAll);
  const port = await freePort();
  const settings = { DATABASE_URL: database.url, API_PORT: String(port), METRICS_PORT: '0', DEMO: 'false' };
  // What installs and builds beforehand is left out.
  const npm = spawn('npm', ['start', '--ignore-scripts'], {
    cwd: ROOT,
    env: { ...process.env, ...settings, DATA_DIR: await runs.newDataDir() },
    stdio: 'ignore',
    detached: true,
  });
  const { pid } = npm;
  if (pid === undefined) throw new Error('npm was not started');
  try {
    const isReady = () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await waitUntil(isReady, { what: 'the api to be ready', timeoutMs: 40_000 });
    const exited = once(npm, 'exit');
    npm.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(isRunning(-pid)).toBe(false);
  } finally {
    if (isRunning(-pid)) process.kill(-pid, 'SIGKILL');
    await database.drop();
  }
});
