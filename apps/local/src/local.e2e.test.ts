import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

import { type AppProcess, createTestDatabase, type OutputLine } from '@automation/testing';

import { dataPaths } from './data-paths.ts';
import { createLocalRuns, untilWelcomed, type Welcomed } from './local-runs.fixture.ts';
import { migrateAll } from './migrate-all.fixture.ts';

const runs = createLocalRuns();

afterAll(() => runs.cleanUp());

/** What the demo function logs when it is asked about a job. */
const asked =
  (phase: 'check' | 'perform', jobId: unknown) =>
  ({ event }: OutputLine): boolean =>
    event['service'] === 'demo' && event['message'] === `asked to ${phase}` && event['job_id'] === jobId;

const completed =
  (jobId: unknown) =>
  ({ event }: OutputLine): boolean =>
    event['message'] === 'execution completed' && event['job_id'] === jobId;

describe('npm start on a fresh clone (SPEC 6)', () => {
  let run: AppProcess;
  let welcomed: Welcomed;

  beforeAll(async () => {
    run = runs.start({ DATA_DIR: await runs.newDataDir() });
    welcomed = await untilWelcomed(run);
  });

  test('the welcome screen names the api, its docs and the metrics, and they answer', async () => {
    const { url, metricsUrl, text } = welcomed;
    expect(text).toContain(`Docs        ${url}/docs\n`);
    const statuses = await Promise.all(
      [`${url}/healthz`, `${url}/readyz`, `${url}/docs`, metricsUrl].map(
        async (address) => (await fetch(address)).status,
      ),
    );
    expect(statuses).toEqual([200, 200, 200, 200]);
    expect(run.text('stderr')).toBe('');
  });

  test('within 10 s the log shows the check and the perform of the demo job', async () => {
    const { items } = await welcomed.api.get('/automation/jobs?q=demo');
    const jobId = items[0]?.['id'];
    await run.untilLine(asked('check', jobId), 10_000);
    await run.untilLine(asked('perform', jobId), 10_000);
    expect((await run.untilLine(completed(jobId))).event).toMatchObject({ status: 'succeeded' });
  });

  test('the curl makes a job when pasted, whose function is asked to check and to perform', async () => {
    const { stdout } = await promisify(execFile)('sh', ['-c', welcomed.curl]);
    const job: unknown = JSON.parse(stdout);
    expect(job).toMatchObject({ account_id: 'demo', schedule: '@every 3s', status: 'active' });
    const jobId: unknown = Reflect.get(Object(job), 'id');
    await run.untilLine(asked('check', jobId));
    await run.untilLine(asked('perform', jobId));
    expect((await run.untilLine(completed(jobId))).event).toMatchObject({ status: 'succeeded' });
  });
});

test('with DATABASE_URL it uses that server and embeds nothing; a given key works; the demo can be left out (SPEC 6)', async () => {
  const database = await createTestDatabase(migrateAll);
  const settings = { DATABASE_URL: database.url, BOOTSTRAP_API_KEY: 'a-key-of-the-user-0123456789abcdef' };
  const DATA_DIR = await runs.newDataDir();
  const run = runs.start({ ...settings, DATA_DIR, DEMO: 'false' });

  const welcomed = await untilWelcomed(run);
  const { host, pathname } = new URL(database.url);
  expect(welcomed.text).toContain(`Database    ${host}${pathname} (DATABASE_URL)\n`);
  expect(welcomed.key).toBe(settings.BOOTSTRAP_API_KEY);
  expect(await welcomed.api.get('/automation/jobs')).toMatchObject({ status: 200, items: [] });

  run.signal('SIGTERM');
  expect(await run.untilExit()).toEqual({ code: 0, signal: null });
  expect(existsSync(dataPaths(DATA_DIR).database)).toBe(false);
  await database.drop();
});
