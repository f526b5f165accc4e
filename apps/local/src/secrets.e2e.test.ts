import { openStore, type Store } from '@automation/store';
import {
  type Answer,
  type AppProcess,
  createTestDatabase,
  endSessions,
  type TestDatabase,
  waitUntil,
} from '@automation/testing';

import { apiClient, type ApiClient } from './api-client.fixture.ts';
import { migrateAll } from './migrate-all.fixture.ts';
import { KEY, newJob, openSystem, runJob, type TestSystem, untilStatus, urlOf } from './system.fixture.ts';

/** What must never be in a log; each is added when it is made. */
const hidden = new Map<string, string>([
  ['the bootstrap key', KEY],
  ['an Authorization header of a function', 'hidden-authorization'],
  ['another header of a function', 'hidden-header'],
  ['a token in the address of a function', 'hidden-address'],
  ['a payload', 'hidden-payload'],
  ['what a check adds to it', 'hidden-perform-payload'],
  ['an output', 'hidden-output'],
  ['the body of a failure', 'hidden-failure'],
  ['metadata', 'hidden-metadata'],
  ['a token in the address of an event endpoint', 'hidden-endpoint'],
]);

let database: TestDatabase;
let system: TestSystem;
let apps: Record<'api' | 'scheduler' | 'worker', AppProcess>;
let api: ApiClient;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase(migrateAll);
  system = await openSystem(database.url);
  const env = { LOG_LEVEL: 'debug' };
  apps = {
    api: await system.start('api', env),
    scheduler: await system.start('scheduler', env),
    worker: await system.start('worker', env),
  };
  store = openStore({
    url: database.url,
    poolSize: 1,
    applicationName: 'test',
    onConnectionError: () => undefined,
  });
  const admin = apiClient(urlOf(apps.api), KEY);
  const { body } = await admin.post('/accounts/admin/api-keys', { name: 'k' });
  hidden.set('a key that was made', String(body['key']));
  api = apiClient(urlOf(apps.api), String(body['key']));
});

afterAll(async () => {
  await store.close();
  await system.close();
  await database.drop();
});

/** A function with secrets in all that it is made of, whose perform answers so. */
async function newSecretFunction(name: string, perform: Answer): Promise<string> {
  const path = `/${name.replaceAll(' ', '-')}?token=hidden-address`;
  system.functions.script(path, ({ body, headers }) => {
    hidden.set(
      `the completion token of ${name}'s ${String(body['phase'])}`,
      String(headers['x-automation-completion-token']),
    );
    if (body['phase'] === 'perform') return perform;
    return { body: { shouldPerform: true, performPayload: { pin: 'hidden-perform-payload' } } };
  });
  const { body } = await api.post('/functions', {
    name,
    url: system.functions.url(path),
    headers: { Authorization: 'Bearer hidden-authorization', 'X-Custom': 'hidden-header' },
  });
  hidden.set(`the secret of ${name}`, String(body['secret']));
  return String(body['id']);
}

async function run(name: string, perform: Answer, status: string): Promise<string> {
  const functionId = await newSecretFunction(name, perform);
  const job = await newJob(api, functionId, {
    payload: { pin: 'hidden-payload' },
    metadata: { owner: 'hidden-metadata' },
    retry_limit: 1,
  });
  const execution = await runJob(api, job);
  await untilStatus(api, execution, status);
  return execution;
}

/** Executions of every kind, and between them what goes wrong on our side. */
async function runEverything(): Promise<void> {
  await failToDeliver();
  await run('succeeds', { body: { answer: 'hidden-output' } }, 'succeeded');
  await run('fails', { status: 500, body: 'hidden-failure' }, 'failed');
  await run('refuses', { status: 404, body: { error: 'hidden-failure' } }, 'failed');
  await run('talks nonsense', { body: '["hidden-output"' }, 'failed');
  await run('quotes', { body: '{"pin": hidden-output}' }, 'failed');
  const envelope = { 'content-type': 'application/vnd.automation.execution+json' };
  await run('explains', { headers: envelope, body: { error: 'no such pin: hidden-failure' } }, 'failed');
  await run('answers no object', { body: '"hidden-output"' }, 'failed');
  await run('is gone', { status: 410, body: 'hidden-failure' }, 'failed');
  const open = await run('takes long', { status: 202, body: { async: true } }, 'performing');
  await complete(open);
  await breakSessions();
  await waitUntil(async () => (await api.get('/functions')).status === 200, { timeoutMs: 30_000 });
  await store.pool.query('ALTER TABLE functions RENAME COLUMN headers TO away');
  await api.post('/functions', {
    name: 'f',
    url: 'http://127.0.0.1:9/?hidden-address',
    headers: { Authorization: 'hidden-authorization' },
  });
  await store.pool.query('ALTER TABLE functions RENAME COLUMN away TO headers');
  await run('succeeds again', { body: { answer: 'hidden-output' } }, 'succeeded');
}

/** Ends the sessions of the apps; other tests have theirs on the same server. */
async function breakSessions(): Promise<void> {
  const { rows } = await store.pool.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'automation-%'`,
  );
  await endSessions(
    store.pool,
    rows.map(({ pid }) => pid),
  );
}

/** An endpoint that takes no event. */
async function failToDeliver(): Promise<void> {
  const path = '/events?token=hidden-endpoint';
  system.functions.script(path, () => ({ status: 500, body: 'hidden-failure' }));
  const { body } = await api.post('/automation/event-endpoints', { url: system.functions.url(path) });
  hidden.set('the secret of an event endpoint', String(body['secret']));
}

async function complete(execution: string): Promise<void> {
  await apps.worker.untilLine('function will complete it later');
  const token = hidden.get("the completion token of takes long's perform") ?? '';
  const statuses = [];
  for (const given of [token.replace(/.$/, (last) => (last === '0' ? '1' : '0')), token]) {
    const { status } = await fetch(`${urlOf(apps.api)}/automation/executions/${execution}/complete`, {
      method: 'POST',
      headers: { 'x-automation-completion-token': given, 'content-type': 'application/json' },
      body: JSON.stringify({ output: { answer: 'hidden-output' } }),
    });
    statuses.push(status);
  }
  expect(statuses).toEqual([403, 200]);
  await untilStatus(api, execution, 'succeeded');
}

/** Requests that are refused, with secrets where they do not belong. */
async function sendNonsense(): Promise<void> {
  const url = urlOf(apps.api);
  const send = (body: string) =>
    fetch(`${url}/automation/jobs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body,
    });
  await send('{"payload": {"pin": hidden-payload}}');
  await send('{"payload": "hidden-payload", "hidden-metadata": 1, "schedule": "no schedule"}');
  await fetch(`${url}/automation/jobs?hidden-payload`, { headers: { 'x-api-key': `${KEY}x` } });
}

test('whatever happens, no log has a key, a secret, a header, a payload or an output in it', async () => {
  await runEverything();
  await sendNonsense();
  const logs = Object.values(apps).flatMap(({ lines }) => lines);
  // These are lines of failures, and all of what is said at debug.
  for (const message of [
    'request failed',
    'execution failed',
    'attempt failed',
    'event delivery failed',
    'request answered',
    'schedule parsing error',
  ])
    expect(logs.map(({ event }) => event['message'])).toContain(message);
  const text = logs.map((line) => line.text).join('\n');
  expect(hidden.size).toBeGreaterThan(20);
  const found = [...hidden].filter(([, secret]) => text.includes(secret)).map(([what]) => what);
  expect(found).toEqual([]);
});

test('every line about an execution has its trace, that of the traceparent, and every line about a request its id', () => {
  const logs = Object.values(apps)
    .flatMap(({ lines }) => lines.map(({ event }) => event))
    // A count is of many.
    .filter((event) => !('folded' in event));
  const ofExecutions = logs.filter(
    (event) => 'execution_id' in event || /^(execution|attempt|check) /.test(String(event['message'])),
  );
  expect(new Set(ofExecutions.map(({ service }) => service))).toEqual(new Set(['api', 'worker']));
  for (const event of ofExecutions) {
    expect(event).toMatchObject({
      trace_id: String(event['execution_id']).replaceAll('-', ''),
      job_id: expect.any(String),
      account_id: 'admin',
      function_id: expect.any(String),
    });
  }
  const [call] = system.functions.calls('/succeeds?token=hidden-address');
  const traceId = String(call?.headers['traceparent']).split('-')[1];
  expect(ofExecutions.map((event) => event['trace_id'])).toContain(traceId);
  const ofRequests = logs.filter(
    ({ service, message }) => service === 'api' && /^(request|job|function) /.test(String(message)),
  );
  for (const event of ofRequests) expect(event).toHaveProperty('request_id', expect.stringMatching(/./));
});
