import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import {
  type AppProcess,
  createTestDatabase,
  freePort,
  type TestDatabase,
  waitUntil,
} from '@automation/testing';

import { migrateAll } from '../migrate-all.fixture.ts';
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

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

let database: TestDatabase;
let system: TestSystem;
let api: AppProcess;
let worker: AppProcess;

beforeAll(async () => {
  database = await createTestDatabase(migrateAll);
  system = await openSystem(database.url);
  api = await system.start('api');
  await system.start('scheduler');
  worker = await system.start('worker');
});

afterAll(async () => {
  await system.close();
  await database.drop();
});

interface Said {
  code: number;
  text: string;
}

/** Runs `npm run status` with no settings but these. */
function status(env: Record<string, string> = {}): Promise<Said> {
  const { PATH } = process.env;
  const settings = { API_URL: urlOf(api), API_KEY: KEY, ...env };
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN], { env: { PATH, ...settings } }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), text: stdout + stderr }),
    );
  });
}

test('all is well: exit 0, and what there is stands in aligned columns, without colours in a pipe', async () => {
  const fn = await newFunction(system, clientOf(api), () => ({ body: {} }));
  await untilStatus(
    clientOf(api),
    await runJob(clientOf(api), await newJob(clientOf(api), fn.id)),
    'succeeded',
  );
  const { code, text } = await status();
  expect(code).toBe(0);
  expect(text).toMatch(/^All is well at /);
  expect(text).not.toContain('\u001B');
  for (const service of ['api', 'scheduler', 'worker'])
    expect(text).toMatch(
      new RegExp(`^  ${service} +\\S+:\\d+ +up \\S+( \\S+)? +active \\S+ ago +\\d+ connections$`, 'm'),
    );
  expect(text).toMatch(/^ {2}last minute +0\.02 +1 +0 +0 +0 +0 +0 +0$/m);
  const columns = text.split('\n').filter((line) => /^ {2}last |a second/.test(line));
  expect(new Set(columns.map((line) => line.trimEnd().length)).size).toBe(1);
});

test('failing functions and what we have paused are listed with their reasons', async () => {
  const fn = await newFunction(system, clientOf(api), () => ({ status: 410 }));
  await untilStatus(
    clientOf(api),
    await runJob(clientOf(api), await newJob(clientOf(api), fn.id, { name: 'to be paused' })),
    'failed',
  );
  const { code, text } = await status();
  expect(code).toBe(0);
  expect(text).toMatch(new RegExp(`^  ${fn.id} .+ 1 of 1 .*410`, 'm'));
  expect(text).toMatch(/^ {2}\S+ {2}to be paused {2}admin {2}the function answered 410 Gone$/m);
});

test('without a worker the first line that matters says so, and the exit is 1', async () => {
  worker.signal('SIGTERM');
  await worker.untilExit();
  const said = await waitUntil(async () => {
    const answer = await status();
    return answer.code === 1 && answer;
  });
  expect(said.text.split('\n')[1]).toBe('! no worker is connected: no function is invoked');
});

test('an api that does not answer, or not to this key, is exit 1 and says which', async () => {
  const away = await status({ API_URL: `http://127.0.0.1:${await freePort()}` });
  expect(away).toEqual({
    code: 1,
    text: expect.stringMatching(
      /^! the api at http:\/\/127.0.0.1:\d+ does not say how it does: .*ECONNREFUSED/,
    ),
  });
  const refused = await status({ API_KEY: 'not-a-key' });
  expect(refused).toEqual({ code: 1, text: expect.stringContaining('it answered 401') });
});

test('without a key it says what is missing, exit 78', async () => {
  const { code, text } = await status({ API_KEY: '', DATA_DIR: '/nowhere' });
  expect([code, text]).toEqual([
    78,
    expect.stringMatching(/^! API_KEY is required: DATA_DIR "\/nowhere" has no key/),
  ]);
});
