import {
  type Account,
  type AutomationFunction,
  type EventEndpoint,
  type Job,
  newId,
} from '@automation/domain';
import { unique, watchStatements } from '@automation/testing';

import { createAccount } from '../accounts/create-account.ts';
import { CALLER, openDependencies, type OpenDependencies } from '../dependencies.fixture.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { takesIdempotencyKey } from '../docs/errors-of.ts';
import { createEndpoint } from '../event-endpoints/create-endpoint.ts';
import { createFunction } from '../functions/create-function.ts';
import { createJob } from '../jobs/create-job.ts';
import { routes } from '../routes.ts';
import { runOnce } from './idempotency.ts';
import type { Reply } from './reply.ts';
import type { ProtectedRoute } from './route.ts';

const FUNCTION_URL = 'http://127.0.0.1:9/';

let api: ApiDependencies;
let opened: OpenDependencies;

beforeAll(async () => {
  opened = await openDependencies();
  ({ api } = opened);
});

afterAll(() => opened.dispose());

const aFunction = (): Promise<AutomationFunction> =>
  createFunction(api, CALLER, { name: unique('fn'), url: FUNCTION_URL }, null);
const anEndpoint = (): Promise<EventEndpoint> => createEndpoint(api, CALLER, { url: FUNCTION_URL }, null);
const anAccount = (): Promise<Account> =>
  createAccount(api, CALLER, { id: newId(new Date()), name: 'a' }, null);
const newJob = (fn: AutomationFunction) => ({ function_id: fn.id, name: unique('job'), schedule: '@hourly' });
const aJob = async (): Promise<Job> => createJob(api, CALLER, newJob(await aFunction()), null);

interface Request {
  params?: object;
  body?: object;
}

/** Every POST that makes or starts something, and what is asked of it. */
const POSTS: [operationId: string, request: () => Promise<Request>][] = [
  ['createJob', async () => ({ body: newJob(await aFunction()) })],
  ['runJob', async () => ({ params: { id: (await aJob()).id }, body: {} })],
  ['createFunction', async () => ({ body: { name: 'fn', url: FUNCTION_URL } })],
  ['rotateFunctionSecret', async () => ({ params: { id: (await aFunction()).id }, body: {} })],
  ['createAccount', async () => ({ body: { name: 'account' } })],
  ['createApiKey', async () => ({ params: { id: (await anAccount()).id }, body: { name: 'key' } })],
  ['createEventEndpoint', async () => ({ body: { url: FUNCTION_URL } })],
  ['rotateEventEndpointSecret', async () => ({ params: { id: (await anEndpoint()).id }, body: {} })],
];

/** They make nothing, and what is cancelled is cancelled. */
const OTHERS = ['previewSchedule', 'testFunction', 'cancelExecution'];

function routeOf(operationId: string): ProtectedRoute {
  const route = routes.find((each) => each.operationId === operationId);
  if (route === undefined || route.scope === null || 'isStream' in route)
    throw new Error(`no ${operationId}`);
  return route;
}

function post(route: ProtectedRoute, { params, body }: Request, key: string): Promise<Reply> {
  const { method, path } = route;
  const request = { key, caller: CALLER, method, path, body, showsSecret: route.showsSecret === true };
  const { signal } = new AbortController();
  return runOnce(api, request, (keepAnswer) => {
    const perform = route.prepare({ params, query: undefined, body });
    return perform(api, { caller: CALLER, scopes: [], path, ifMatch: undefined, signal, keepAnswer });
  });
}

/** Which statement commits the work of a request. */
async function commitOf(route: ProtectedRoute, request: Request): Promise<number> {
  const watch = watchStatements(api.store.pool);
  await post(route, request, unique('key'));
  await watch.stop();
  return watch.sent.lastIndexOf('commit');
}

/** Whatever is done is one entry of the audit log. */
async function countDone(): Promise<number> {
  const { rows } = await api.store.pool.query<{ count: number }>('SELECT count(*) FROM automation_audit_log');
  return rows[0]?.count ?? 0;
}

test('no POST is forgotten here', () => {
  const known = [...POSTS.map(([operationId]) => operationId), ...OTHERS];
  const taking = routes.filter(takesIdempotencyKey).map(({ operationId }) => operationId);
  expect(taking.toSorted()).toEqual(known.toSorted());
});

test.each(POSTS)(
  '%s: what was done and not heard of is answered again under its Idempotency-Key, and not done again (SPEC 5)',
  async (operationId, requestOf) => {
    const route = routeOf(operationId);
    await post(route, await requestOf(), unique('key'));
    const nth = await commitOf(route, await requestOf());
    const request = await requestOf();
    const done = await countDone();
    const key = unique('key');
    const watch = watchStatements(api.store.pool, { nth, loss: 'answer' });
    await expect(post(route, request, key)).rejects.toThrow('connection error');
    await watch.stop();
    const again = await post(route, request, key).then(
      ({ headers }) => headers,
      (error: Error) => error.message,
    );
    expect(again).toEqual(
      route.showsSecret === true
        ? 'this request has been answered; the secret in its answer is shown only once'
        : { 'Idempotency-Replayed': 'true' },
    );
    expect((await countDone()) - done).toBe(1);
  },
);
