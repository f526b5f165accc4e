import { jobs, openStore, type Store } from '@automation/store';
import {
  type AppProcess,
  createObjects,
  createTestDatabase,
  dropRoles,
  pathWithObjects,
  type RoleName,
  type Service,
  SERVICES,
  setUpRoles,
  type TestDatabase,
  unique,
  urlAs,
  waitUntil,
} from '@automation/testing';

import { apiClient } from '../api-client.fixture.ts';
import { migrateAll } from '../migrate-all.fixture.ts';
import {
  clientOf,
  KEY,
  newFunction,
  newJob,
  openSystem,
  portOf,
  runJob,
  type TestSystem,
  untilStatus,
  urlOf,
} from '../system.fixture.ts';

let database: TestDatabase;
/** A superuser's. */
let store: Store;
let system: TestSystem;
let apps: Record<Service, AppProcess>;
/** A partition that is missing when the scheduler starts. */
let missing: string;

beforeAll(async () => {
  database = await createTestDatabase(migrateAll);
  store = open(database.url);
  missing = await makeWorkForMaintenance();
  await setUpRoles(store.pool);
  // To run it again changes nothing.
  await setUpRoles(store.pool);
  system = await openSystem(database.url);
  apps = {
    api: await start('api'),
    scheduler: await start('scheduler', { SCAN_INTERVAL_MS: '200' }),
    worker: await start('worker'),
  };
});

/** Starts a service as its role. */
const start = (service: Service, env: NodeJS.ProcessEnv = {}) =>
  system.start(service, { DATABASE_URL: urlAs(service, database.url), LOG_LEVEL: 'debug', ...env });

afterAll(async () => {
  await system.close();
  await dropRoles(store.pool);
  await store.close();
  await database.drop();
});

function open(url: string): Store {
  return openStore({ url, poolSize: 1, applicationName: 'test', onConnectionError: () => undefined });
}

const OLD = 'automation_executions_p20200101';

/** Adds a partition that is to be dropped, and drops one that is to be made again, whose name it answers. */
async function makeWorkForMaintenance(): Promise<string> {
  await store.pool.query(
    `CREATE TABLE ${OLD} PARTITION OF automation_executions FOR VALUES FROM ('2020-01-01') TO ('2020-01-02')`,
  );
  const latest = (await partitions()).at(-1) ?? '';
  await store.pool.query(`DROP TABLE ${latest}`);
  return latest;
}

async function partitions(): Promise<string[]> {
  const { rows } = await store.pool.query<{ name: string }>(
    `SELECT relid::text AS name FROM pg_partition_tree('automation_executions') WHERE relid::text ~ '_p[0-9]+$' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** What processes were refused by the database so far: each line says of which table. */
function denialsOf(processes: readonly AppProcess[]): string[] {
  return processes
    .flatMap(({ lines }) => lines)
    .filter(({ text }) => /permission denied|must be owner/.test(text))
    .map(({ text }) => text);
}

test('every table is granted to some service, or is the business of migrations alone', async () => {
  const { rows } = await store.pool.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND NOT EXISTS (SELECT FROM unnest($1::text[]) AS role WHERE has_any_column_privilege(role, c.oid, 'SELECT, INSERT'))
     ORDER BY 1`,
    [SERVICES.map((service) => `automation_${service}`)],
  );
  expect(rows.map(({ name }) => name)).toEqual(['kysely_migration', 'kysely_migration_lock']);
});

test('a job is created, claimed on schedule, checked and performed', async () => {
  const client = clientOf(apps.api);
  const fn = await newFunction(system, client, () => ({ body: {} }));
  const job = await newJob(client, fn.id, { schedule: '@every 1s', max_runs: 1 });
  await waitUntil(async () => (await client.get(`/automation/jobs/${job}`)).body['status'] === 'completed', {
    what: 'the job to be completed',
    timeoutMs: 30_000,
  });
  const [execution] = (await client.get(`/automation/jobs/${job}/executions`)).items;
  expect(execution).toMatchObject({ status: 'succeeded', trigger: 'schedule' });
  expect(fn.calls('perform')).toHaveLength(1);
});

test('an execution is cancelled while its function is under way', async () => {
  const client = clientOf(apps.api);
  const fn = await newFunction(system, client, () => 'hang');
  const execution = await runJob(client, await newJob(client, fn.id));
  await waitUntil(() => fn.calls('check').length === 1, { what: 'the check', timeoutMs: 30_000 });
  expect((await client.post(`/automation/executions/${execution}/cancel`)).status).toBe(200);
  await untilStatus(client, execution, 'cancelled');
});

test('an attempt is tried again, and a job that fails is paused', async () => {
  const client = clientOf(apps.api);
  const fn = await newFunction(system, client, () => ({ status: 503, headers: { 'retry-after': '0' } }));
  const job = await newJob(client, fn.id, { retry_limit: 1, pause_after_failures: 1 });
  await untilStatus(client, await runJob(client, job), 'failed');
  expect(fn.calls('check')).toHaveLength(2);
  expect((await client.get(`/automation/jobs/${job}`)).body).toMatchObject({ status: 'paused' });
});

test('what waits for an execution goes on after it, and a job is completed by its last occurrence', async () => {
  const client = clientOf(apps.api);
  const fn = await newFunction(system, client, () => ({ body: {} }));
  const at = new Date(Date.now() + 1_000).toISOString();
  const job = await newJob(client, fn.id, { schedule: `@at ${at}`, overlap_policy: 'queue' });
  const executions = await Promise.all(Array.from({ length: 3 }, () => runJob(client, job)));
  for (const execution of executions) await untilStatus(client, execution, 'succeeded');
  await waitUntil(async () => (await client.get(`/automation/jobs/${job}`)).body['status'] === 'completed', {
    what: 'the job to be completed',
    timeoutMs: 30_000,
  });
});

/** Sets back what a job comes to next, and tells the scheduler. */
async function setBack(job: string, { nextRun }: { nextRun: string }): Promise<void> {
  await store.pool.query(
    `UPDATE automation_jobs SET next_occurrence = now() - interval '3 hours', next_run = now() + $2::interval WHERE id = $1`,
    [job, nextRun],
  );
  await store.pool.query(`NOTIFY ${jobs.JOBS_CHANGED}`);
}

async function missedRunsOf(job: string): Promise<number> {
  const { rowCount } = await store.pool.query('SELECT FROM automation_missed_runs WHERE job_id = $1', [job]);
  return rowCount ?? 0;
}

test('what was missed is noted by the scheduler, which catches up on the last of it', async () => {
  const client = clientOf(apps.api);
  const fn = await newFunction(system, client, () => ({ body: {} }));
  const job = await newJob(client, fn.id, { schedule: '@every 1h' });
  await setBack(job, { nextRun: '-3 hours' });
  await waitUntil(async () => (await missedRunsOf(job)) === 1, { what: 'the note', timeoutMs: 30_000 });
});

test('so it is by the api, if a job is changed before it is claimed', async () => {
  const client = clientOf(apps.api);
  const fn = await newFunction(system, client, () => ({ body: {} }));
  const job = await newJob(client, fn.id, { schedule: '@every 1h' });
  await setBack(job, { nextRun: '1 hour' });
  expect((await client.patch(`/automation/jobs/${job}`, { schedule: '@daily' })).status).toBe(200);
  expect(await missedRunsOf(job)).toBe(1);
});

test('so it is by a worker, if what it records pauses a job', async () => {
  const client = clientOf(apps.api);
  const fn = await newFunction(system, client, () => ({ status: 410 }));
  const job = await newJob(client, fn.id, { schedule: '@every 1h' });
  await setBack(job, { nextRun: '1 hour' });
  await untilStatus(client, await runJob(client, job), 'failed');
  expect(await missedRunsOf(job)).toBe(1);
});

/** Removes the task of an execution once it is put off, as whoever tidies up the queue by hand may do. */
async function loseTask(execution: string): Promise<void> {
  const remove = async () => {
    const { rowCount } = await store.pool.query(
      `DELETE FROM pgboss.job WHERE data->'executionIds' ? $1 AND start_after > now() + interval '1 minute'`,
      [execution],
    );
    return rowCount === 1;
  };
  await waitUntil(remove, { what: 'the task to be put off', timeoutMs: 30_000 });
  await store.pool.query(
    `UPDATE automation_executions SET created_at = created_at - interval '2 minutes' WHERE id = $1`,
    [execution],
  );
}

async function inFlightOf(job: string): Promise<number | undefined> {
  const { rows } = await store.pool.query<{ in_flight: number }>(
    'SELECT in_flight FROM automation_jobs WHERE id = $1',
    [job],
  );
  return rows[0]?.in_flight;
}

test('the scan gives an execution its lost task again, and counts a job anew', async () => {
  const client = clientOf(apps.api);
  const answers = [{ status: 503, headers: { 'retry-after': '3600' } }];
  const fn = await newFunction(system, client, () => answers.pop() ?? { body: {} });
  const job = await newJob(client, fn.id);
  const execution = await runJob(client, job);
  await loseTask(execution);
  await store.pool.query('UPDATE automation_jobs SET in_flight = 5 WHERE id = $1', [job]);
  await untilStatus(client, execution, 'succeeded');
  await waitUntil(async () => (await inFlightOf(job)) === 0, { what: 'the count', timeoutMs: 30_000 });
});

test('events are published, and delivered', async () => {
  const client = clientOf(apps.api);
  const path = `/${unique('events')}`;
  system.functions.script(path, () => ({ body: {} }));
  const endpoint = { url: system.functions.url(path), types: ['job.*'] };
  expect((await client.post('/automation/event-endpoints', endpoint)).status).toBe(201);
  await newJob(client, (await newFunction(system, client, () => ({ body: {} }))).id);
  await waitUntil(() => system.functions.calls(path).length > 0, {
    what: 'an event to be delivered',
    timeoutMs: 30_000,
  });
});

test('the scheduler makes the partitions of days to come, drops old ones, and looks after the queues', async () => {
  await waitUntil(
    async () => {
      const names = await partitions();
      return names.includes(missing) && !names.includes(OLD);
    },
    { what: 'the partitions to be looked after' },
  );
  await waitUntil(
    async () => {
      const { rowCount } = await store.pool.query(
        `SELECT FROM pgboss.queue WHERE monitor_claim_on IS NULL OR maintain_on IS NULL`,
      );
      return rowCount === 0;
    },
    { what: 'the queues to be looked after', timeoutMs: 30_000 },
  );
});

test('every metric can be measured', async () => {
  for (const app of Object.values(apps)) {
    const { status } = await fetch(`http://127.0.0.1:${portOf(app, 'metrics_port')}/metrics`);
    expect(status).toBe(200);
  }
});

test('the overview has the replicas of every role', async () => {
  const { body } = await clientOf(apps.api).get('/admin/overview');
  expect(body['replicas']).toEqual(
    SERVICES.map((service): unknown =>
      expect.objectContaining({ service, last_active_at: expect.stringMatching(/Z$/) }),
    ),
  );
});

test('the api does what each of its routes does', async () => {
  const url = urlOf(apps.api);
  const client = apiClient(url, KEY);
  const objects = await createObjects({ accountId: 'admin', owner: client, admin: client }, unique('object'));
  for (const { method, path } of await operationsOf(url)) {
    const address = pathWithObjects(path, objects);
    const response = await fetch(`${url}${address}`, {
      method,
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body: '{}' }),
    });
    await response.body?.cancel();
    expect({ method, path, address, isWell: response.status < 500 }).toMatchObject({ isWell: true });
  }
});

/** Those of the OpenAPI document; what deletes an object comes last. */
async function operationsOf(url: string): Promise<{ method: string; path: string }[]> {
  const document: unknown = await (await fetch(`${url}/openapi.json`)).json();
  const paths: Record<string, object> = Object(Reflect.get(Object(document), 'paths'));
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
  return operations.toSorted(
    (one, other) => Number(one.method === 'DELETE') - Number(other.method === 'DELETE'),
  );
}

test('the scheduler keeps inside of a storage limit', async () => {
  const limited = await start('scheduler', { MAX_STORAGE_BYTES: '1' });
  await limited.untilLine('history dropped to save storage', 30_000);
  limited.signal('SIGTERM');
  expect(await limited.untilExit()).toEqual({ code: 0, signal: null });
  expect(denialsOf([limited])).toEqual([]);
});

test('nothing of that was refused by the database: each line here says which grant is missing', () => {
  expect(denialsOf(Object.values(apps))).toEqual([]);
});

test('the owner migrates, the history of the scheduler too', async () => {
  await store.pool.query(`DROP TABLE ${missing}`);
  expect(await migrateAll(urlAs('owner', database.url))).toEqual([]);
  // Made by the owner, and yet for the scheduler to drop.
  await runAs('scheduler', `DROP TABLE ${missing}`);
  await runAs('owner', 'ALTER TABLE automation_executions ADD COLUMN more text');
  await runAs('owner', 'ALTER TABLE automation_executions DROP COLUMN more');
});

async function runAs(role: RoleName, statement: string): Promise<unknown> {
  const connected = open(urlAs(role, database.url));
  try {
    return await connected.pool.query(statement);
  } finally {
    await connected.close();
  }
}

test.each<[Service, string]>([
  ['worker', 'SELECT hash FROM api_keys'],
  ['worker', 'SELECT FROM accounts'],
  ['worker', 'SELECT FROM automation_audit_log'],
  ['worker', 'UPDATE functions SET url = url'],
  ['worker', 'DELETE FROM automation_executions'],
  ['worker', 'INSERT INTO automation_jobs (id) VALUES (gen_random_uuid())'],
  ['scheduler', 'SELECT secret FROM functions'],
  ['scheduler', 'SELECT hash FROM api_keys'],
  ['scheduler', 'SELECT secret FROM automation_event_endpoints'],
  ['scheduler', 'SELECT response_body FROM idempotency_keys'],
  ['scheduler', 'INSERT INTO automation_jobs (id) VALUES (gen_random_uuid())'],
  ['scheduler', 'SELECT before FROM automation_audit_log'],
  ['scheduler', 'UPDATE automation_audit_log SET at = now()'],
  ['api', 'DELETE FROM automation_executions'],
  ['api', 'DELETE FROM automation_jobs'],
  ['api', 'UPDATE automation_audit_log SET at = now()'],
  ['api', 'DELETE FROM automation_audit_log'],
  ['api', 'UPDATE pgboss.queue SET name = name'],
])('the %s is refused: %s', async (service, statement) => {
  await expect(runAs(service, statement)).rejects.toMatchObject({ code: '42501' });
});

test.each(SERVICES)('the %s drops and empties no table, and changes no schema', async (service) => {
  for (const statement of [
    'DROP TABLE automation_jobs',
    'DROP TABLE pgboss.job',
    'TRUNCATE automation_jobs',
    'ALTER TABLE automation_jobs ADD COLUMN more text',
    'CREATE TABLE pgboss.more (id integer)',
    'CREATE TEMPORARY TABLE more (id integer)',
    'CREATE SCHEMA more',
    'CREATE ROLE more',
  ]) {
    await expect(runAs(service, statement)).rejects.toMatchObject({ code: '42501' });
  }
});

test.each(['api', 'worker'] as const)('the %s has nothing to say about partitions', async (service) => {
  for (const statement of [
    'CREATE TABLE more (id integer)',
    'DROP TABLE automation_executions_default',
    'ALTER TABLE automation_executions DETACH PARTITION automation_executions_default',
    'SELECT FROM automation_executions_default',
  ]) {
    await expect(runAs(service, statement)).rejects.toMatchObject({ code: '42501' });
  }
});
