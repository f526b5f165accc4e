import { openStore, type Store } from '@automation/store';
import {
  type AppProcess,
  createTestDatabase,
  type TestDatabase,
  unique,
  waitUntil,
} from '@automation/testing';

import type { ApiClient } from './api-client.fixture.ts';
import { migrateAll } from './migrate-all.fixture.ts';
import { clientOf, newFunction, newJob, openSystem, runJob, type TestSystem } from './system.fixture.ts';

let database: TestDatabase;
let system: TestSystem;
let store: Store;
let api: ApiClient;
let worker: AppProcess;

beforeAll(async () => {
  database = await createTestDatabase(migrateAll);
  system = await openSystem(database.url);
  store = openStore({
    url: database.url,
    poolSize: 1,
    applicationName: 'test',
    onConnectionError: () => undefined,
  });
  api = clientOf(await system.start('api'));
  await system.start('scheduler');
  worker = await system.start('worker');
});

afterAll(async () => {
  await store.close();
  await system.close();
  await database.drop();
});

test('what happens to a job and its execution reaches an endpoint in order, though the worker is killed while it delivers', async () => {
  const path = `/${unique('endpoint')}`;
  let isHanging = true;
  system.functions.script(path, ({ body }) =>
    isHanging && body['type'] === 'execution.succeeded' ? 'hang' : { body: {} },
  );
  const calls = () => system.functions.calls(path);
  await api.post('/automation/event-endpoints', { url: system.functions.url(path) });
  const fn = await newFunction(system, api, () => ({ body: {} }));
  const job = await newJob(api, fn.id, { max_runs: 1 });
  const execution = await runJob(api, job);
  const types = () => calls().map(({ body }) => body['type']);
  await waitUntil(() => types().includes('execution.succeeded'), { timeoutMs: 30_000 });
  worker.signal('SIGKILL');
  await worker.untilExit();
  isHanging = false;
  // As if its lease were over already.
  await store.pool.query('UPDATE automation_event_endpoints SET leased_until = now()');
  await system.start('worker');
  await waitUntil(() => types().includes('job.completed'), { timeoutMs: 30_000 });
  const byId = new Map(calls().map(({ body }) => [body['id'], body]));
  expect([...byId.values()]).toEqual([
    expect.objectContaining({ type: 'job.created', job_id: job }),
    expect.objectContaining({ type: 'execution.succeeded', job_id: job, execution_id: execution }),
    expect.objectContaining({ type: 'job.completed', job_id: job }),
  ]);
  expect(types().filter((type) => type === 'execution.succeeded')).toHaveLength(2);
});
