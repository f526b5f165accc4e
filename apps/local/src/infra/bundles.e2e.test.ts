import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

import {
  type AppProcess,
  createTestDatabase,
  freePort,
  startTraceReceiver,
  type TestDatabase,
  type TraceReceiver,
  waitUntil,
} from '@automation/testing';

import {
  clientOf,
  KEY,
  newFunction,
  newJob,
  openSystem,
  runJob,
  type TestSystem,
  untilStatus,
  urlOf,
} from '../system.fixture.ts';
import { type Service, SERVICES } from './settings-of.fixture.ts';

const STEP_MS = 30_000;

const ROOT = new URL('../../../../', import.meta.url);
const LOAD = new URL('packages/testing/src/load/main.ts', ROOT);

let directory: string;
let database: TestDatabase;
let system: TestSystem;
let receiver: TraceReceiver;
let apps: Record<Service, AppProcess>;

const run = promisify(execFile);

/** What `npm run build` does for an app, but to where no package is found that is not in the bundle. */
async function build(name: Service): Promise<void> {
  const app = new URL(`apps/${name}/`, ROOT);
  const { scripts }: { scripts: { build: string } } = JSON.parse(
    await readFile(new URL('package.json', app), 'utf8'),
  );
  const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const command = `${scripts.build} --out ${join(directory, name)}`;
  await run('sh', ['-c', command], { cwd: app, env: { PATH } });
}

const migrate = async () =>
  (
    await run(process.execPath, [join(directory, 'api', 'migrate.mjs')], {
      env: { DATABASE_URL: database.url },
    })
  ).stdout;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'automation-bundles-'));
  [database, receiver] = await Promise.all([
    createTestDatabase(),
    startTraceReceiver(),
    ...SERVICES.map((name) => build(name)),
  ]);
  system = await openSystem(database.url, (name) => join(directory, name, 'main.mjs'));
});

afterAll(async () => {
  await system.close();
  await receiver.close();
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

test('the bundle of the api migrates a database, and again when there is nothing to do', async () => {
  expect(await migrate()).toMatch(/^database migrated: 0001-initial, /);
  expect(await migrate()).toBe('database is up to date\n');
});

test('the bundles do a job from its creation to its perform', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
  const [api, scheduler, worker] = await Promise.all(SERVICES.map((name) => system.start(name, env)));
  apps = { api: api!, scheduler: scheduler!, worker: worker! };
  const client = clientOf(apps.api);
  const fn = await newFunction(system, client, () => ({ body: { done: true } }));
  const jobId = await newJob(client, fn.id, { schedule: '@every 1s', max_runs: 1 });
  const status = async () => (await client.get(`/automation/jobs/${jobId}`)).body['status'];
  await waitUntil(async () => (await status()) === 'completed', { timeoutMs: STEP_MS });
  expect(fn.calls().map(({ body }) => body['phase'])).toEqual(['check', 'perform']);
});

test('the bundle of the api has the files of its documentation', async () => {
  for (const path of ['/docs', '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/openapi.json'])
    expect((await fetch(`${urlOf(apps.api)}${path}`)).status).toBe(200);
});

test('the bundle of the api has the console, and the console nothing but its files', async () => {
  const page = await fetch(`${urlOf(apps.api)}/console/jobs`);
  const [script = ''] = /\/console\/assets\/[^"]+\.js/.exec(await page.text()) ?? [];
  expect((await fetch(`${urlOf(apps.api)}${script}`)).headers.get('content-type')).toMatch(/javascript/);
  const copied = await readdir(join(directory, 'api', 'node_modules', '@automation', 'console'));
  expect(copied.toSorted()).toEqual(['dist', 'package.json']);
});

test('the load of the profile `load` registers its function and its jobs, and answers', async () => {
  const port = await freePort();
  const env = {
    API_URL: urlOf(apps.api),
    API_KEY: KEY,
    FUNCTION_URL: `http://127.0.0.1:${port}/`,
    LOAD_PORT: String(port),
    LOAD_JOBS: '2',
  };
  const load = execFile(process.execPath, [LOAD.pathname], { env });
  try {
    const client = clientOf(apps.api);
    const jobs = async () => (await client.get('/automation/jobs?q=load')).items;
    await waitUntil(async () => (await jobs()).length === 2, { timeoutMs: STEP_MS });
    const [job] = await jobs();
    await untilStatus(client, await runJob(client, String(job?.['id'])), 'succeeded');
  } finally {
    load.kill();
  }
});

test('the bundles end on SIGTERM, and have loaded OpenTelemetry to send their traces (SPEC 6)', async () => {
  for (const app of Object.values(apps)) {
    app.signal('SIGTERM');
    expect(await app.untilExit()).toEqual({ code: 0, signal: null });
  }
  expect(new Set(receiver.spans.map(({ service }) => service)).size).toBe(SERVICES.length);
});
