import { AppError } from '@automation/domain';
import { noTracer, Readiness } from '@automation/service-kit';
import { Registry } from 'prom-client';
import request, { type Response } from 'supertest';

import { ADMIN_KEY, createJob, startTestApi, type TestApi } from '../api.fixture.ts';
import { createApp } from '../app.ts';
import { loadApiConfig } from '../config.ts';
import type { DocumentedOperation } from '../docs/document-check.fixture.ts';
import { createLimits, type Limits } from '../limits/limits.ts';
import { createApiMetrics } from '../metrics.ts';
import { routes } from '../routes.ts';
import { brokenStore } from './broken-database.fixture.ts';
import { ERROR_KINDS } from './error-kinds.ts';
import { errorsOf } from '../docs/errors-of.ts';

let api: TestApi;
/** Without room for anything more. */
let full: Awaited<ReturnType<TestApi['startReplica']>>;
/** A key that may do nothing, as a token may. */
let scopeless: string;
/** Ids that exist, under the name of the path parameter's route. */
let paths: Record<string, string>;
let foreign: Record<string, string>;

beforeAll(async () => {
  api = await startTestApi();
  full = await api.startReplica({ MAX_STORAGE_BYTES: '1' });
  const key = await api.admin.post('/accounts/admin/api-keys', { name: 'scopeless' });
  await api.store.pool.query(`UPDATE api_keys SET scopes = '{}' WHERE id = $1`, [key.body['id']]);
  scopeless = String(key.body['key']);
  paths = await idsOf(api.admin, 'admin', String(key.body['id']));
  await giveToken(idIn(paths['/automation/executions/{id}']), TOKEN);
  const tenant = await api.newTenant();
  foreign = { ...paths, ...(await idsOf(tenant, tenant.accountId, String(key.body['id']))) };
});

/** As if a worker had the execution under way, and its function this token. */
const TOKEN = '8f7f2a52-4f0a-4b60-9a4e-0c53b54f2d10';
const giveToken = (executionId: string, token: string) =>
  api.store.pool.query('UPDATE automation_executions SET completion_token = $2 WHERE id = $1', [
    executionId,
    token,
  ]);

afterAll(async () => {
  await full.stop();
  await api.stop();
});

async function idsOf(client: TestApi['admin'], accountId: string, keyId: string) {
  const job = await createJob(client);
  const run = await client.post(`/automation/jobs/${String(job['id'])}/run`);
  return {
    '/automation/jobs/{id}': `/automation/jobs/${String(job['id'])}`,
    '/automation/executions/{id}': `/automation/executions/${String(run.body['id'])}`,
    '/functions/{id}': `/functions/${String(job['function_id'])}`,
    '/automation/event-endpoints/{id}': await newEndpoint(client),
    '/accounts/{id}/api-keys/{key_id}': `/accounts/${accountId}/api-keys/${keyId}`,
    '/accounts/{id}': `/accounts/${accountId}`,
  };
}

async function newEndpoint(client: TestApi['admin']): Promise<string> {
  const { body } = await client.post('/automation/event-endpoints', { url: 'http://127.0.0.1:9/' });
  return `/automation/event-endpoints/${String(body['id'])}`;
}

const cases = routes.flatMap((route) =>
  errorsOf(route).map((code) => ({ code, method: route.method, path: route.path })),
);

type Attempt = (operation: DocumentedOperation, path: string) => Promise<Response>;

function send(operation: DocumentedOperation, path: string, key: string | null = ADMIN_KEY, url = api.url) {
  const sent = request(url)[methodOf(operation)](path);
  if (key === null) return sent;
  return sent.set({ Authorization: `Bearer ${key}`, 'X-Automation-Completion-Token': TOKEN });
}

function methodOf({ method }: DocumentedOperation): 'get' | 'post' | 'put' | 'patch' | 'delete' {
  const known = (['get', 'post', 'put', 'patch', 'delete'] as const).find((each) => each === method);
  if (known === undefined) throw new Error(`unknown method ${method}`);
  return known;
}

const takesBody = (operation: DocumentedOperation) => operation.requestBody !== undefined;

/** A request that is refused with a code, whatever the route. */
const ATTEMPTS: Record<string, Attempt> = {
  UNAUTHORIZED: (operation, path) => send(operation, path, null),
  FORBIDDEN: (operation, path) =>
    operation.operationId === 'completeExecution'
      ? send(operation, at(operation, foreign))
      : send(operation, path, scopeless),
  VALIDATION_ERROR: (operation, path) =>
    takesBody(operation)
      ? send(operation, path).send({ nonsense: 1 })
      : send(operation, `${path}?nonsense=1`),
  NOT_FOUND: (operation) => send(operation, unknown(operation)).send(validBody(operation)),
  PRECONDITION_FAILED: (operation, path) =>
    send(operation, path).set('If-Match', '"0"').send(validBody(operation)),
  PAYLOAD_TOO_LARGE: (operation, path) => send(operation, path).send({ name: 'x'.repeat(1_100_000) }),
  UNSUPPORTED_MEDIA_TYPE: (operation, path) => send(operation, path).type('text/plain').send('name=x'),
  CONFLICT: async (operation, path) => {
    if (operation.operationId === 'updateJob') return enableCompleted(path);
    if (operation.operationId === 'completeExecution') return completeFinished(operation, path);
    if (operation.operationId === 'deleteFunction') return send(operation, path);
    // There is an endpoint that is sent them.
    if (operation.operationId === 'putEventSettings')
      return send(operation, path).send({ execution_events: false });
    return sendUnderKeyInUse(operation, path);
  },
  IDEMPOTENCY_KEY_REUSED: async (operation, path) => {
    const key = `reused ${operation.operationId}`;
    await request(api.url)
      .post('/automation/schedules/preview')
      .set({ Authorization: `Bearer ${ADMIN_KEY}`, 'Idempotency-Key': key })
      .send({ schedule: '@daily' })
      .expect(200);
    return send(operation, path).set('Idempotency-Key', key).send(validBody(operation));
  },
  STORAGE_QUOTA_EXCEEDED: (operation, path) =>
    send(operation, path, ADMIN_KEY, full.url).send(validBody(operation)),
  RATE_LIMITED: (operation, path) => {
    const error = new AppError('RATE_LIMITED', 'too many requests');
    return sendToBroken(operation, path, error, refusing(error));
  },
  INTERNAL: (operation, path) => sendToBroken(operation, path, new Error('a bug')),
  UNAVAILABLE: (operation, path) =>
    sendToBroken(operation, path, Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })),
};

test.each(cases)('$method $path can answer $code', async ({ code, method, path }) => {
  const operation = api.document.operations.find((each) => each.path === path && each.method === method)!;
  const response = await ATTEMPTS[code]!(operation, at(operation, paths));
  const { status, error } = ERROR_KINDS[code];
  const { details, ...body }: Record<string, unknown> = response.body;
  expect({ status: response.status, body }).toEqual({
    status,
    body: { error, message: expect.stringMatching(/./), code, request_id: response.get('X-Request-Id') },
  });
  expect(Array.isArray(details)).toBe(code === 'VALIDATION_ERROR');
  if (response.request.url.startsWith(api.url)) api.document.check(response);
});

test('routes without errors of their own answer none', () => {
  const silent = routes.filter((route) => errorsOf(route).length === 0).map(({ path }) => path);
  expect(silent).toEqual(['/healthz', '/readyz']);
});

/** The operation's path with ids that exist. */
function at({ path }: DocumentedOperation, ids: Record<string, string>): string {
  const template = Object.keys(ids).find((each) => path === each || path.startsWith(`${each}/`));
  return template === undefined ? path : path.replace(template, ids[template]!);
}

function unknown({ path }: DocumentedOperation): string {
  return path.replaceAll(/\{\w+\}/g, '01a20d39-27c1-753f-87f4-75c6d5717b06');
}

/** A body that is not refused for itself. */
function validBody({ operationId }: DocumentedOperation): object | undefined {
  if (operationId === 'createEventEndpoint') return { url: 'http://127.0.0.1:9/' };
  if (operationId.startsWith('create') && operationId !== 'createJob') {
    return { name: 'x', ...(operationId === 'createFunction' ? { url: 'http://127.0.0.1:9/' } : {}) };
  }
  if (operationId === 'createJob') {
    const functionId = paths['/functions/{id}']!.split('/').at(-1);
    return { name: 'x', function_id: functionId, schedule: '@daily' };
  }
  return operationId === 'previewSchedule' ? { schedule: '@hourly' } : undefined;
}

function idIn(path: string | undefined): string {
  return path?.split('/').at(-1) ?? '';
}

async function completeFinished(operation: DocumentedOperation, path: string): Promise<Response> {
  const finished = path.replace('/complete', '');
  await request(api.url).post(`${finished}/cancel`).set('Authorization', `Bearer ${ADMIN_KEY}`).expect(200);
  return send(operation, path).send({});
}

async function enableCompleted(path: string): Promise<Response> {
  await api.store.pool.query(
    `UPDATE automation_jobs SET status = 'completed', enabled = false, next_run = NULL, next_occurrence = NULL,
            max_runs = 1, run_count = 1
     WHERE id = $1`,
    [path.split('/').at(-1)],
  );
  return request(api.url).patch(path).set('Authorization', `Bearer ${ADMIN_KEY}`).send({ enabled: true });
}

async function sendUnderKeyInUse(operation: DocumentedOperation, path: string): Promise<Response> {
  const key = `in use ${operation.operationId}`;
  const body = validBody(operation);
  await send(operation, path).set('Idempotency-Key', key).send(body);
  // As if the first request had not been answered yet.
  await api.store.pool.query(
    'UPDATE idempotency_keys SET response_status = NULL, response_body = NULL WHERE key = $1',
    [key],
  );
  return send(operation, path).set('Idempotency-Key', key).send(body);
}

/** Limits that are always met. */
function refusing(refusal: AppError): Limits['requests'] {
  const refuse = () => Promise.reject(refusal);
  return {
    underWay: refuse,
    ofVisitor: refuse,
    ofFile: refuse,
    authenticating: refuse,
    ofToken: refuse,
    ofAccount: refuse,
    ofChange: refuse,
    ofServiceAudit: refuse,
  };
}

function sendToBroken(
  operation: DocumentedOperation,
  path: string,
  error: Error,
  requests?: Limits['requests'],
) {
  const store = brokenStore(error);
  const metrics = createApiMetrics(new Registry(), 0);
  const limits = createLimits(loadApiConfig({ DATABASE_URL: 'postgres://127.0.0.1/' }), {
    db: store.db,
    metrics,
  });
  const silent = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };
  const app = createApp({
    store,
    limits: { ...limits, requests: requests ?? limits.requests },
    keys: { find: () => Promise.reject(error), forget() {} },
    tokens: null,
    accounts: { find: () => Promise.reject(error) },
    external: { accounts: null, functions: null },
    queue: {
      transaction: () => Promise.reject(error),
      count: () => Promise.reject(error),
    },
    invoker: { invoke: () => Promise.reject(error) },
    eventStreams: { open() {} },
    metrics,
    logger: silent,
    tracer: noTracer,
    clock: { now: () => new Date() },
    egress: { network: 'private' },
    readiness: new Readiness({ database: () => Promise.reject(error) }),
    outage: { isDown: false, noticed: () => false },
  });
  const credentials = { Authorization: `Bearer ${ADMIN_KEY}`, 'X-Automation-Completion-Token': TOKEN };
  const sent = request(app)[methodOf(operation)](path);
  return sent.set(credentials);
}
