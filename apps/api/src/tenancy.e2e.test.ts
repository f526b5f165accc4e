import { createObjects, objectOf, pathWithObjects, unique } from '@automation/testing';

import { startTestApi, type Tenant, type TestApi } from './api.fixture.ts';
import type { DocumentedOperation } from './docs/document-check.fixture.ts';
import { routes } from './routes.ts';

let api: TestApi;
let owner: Tenant;
/** The owner's objects, full of the marker. */
let objects: Map<string, string>;
/** Of other accounts. */
let stranger: Tenant;
let adminElsewhere: string;

const MARKER = unique('what-only-the-owner-may-see');
const TOKEN = '01a20d39-27c1-753f-87f4-75c6d5717b06';
const OTHER_TOKEN = '01a20d39-27c1-753f-87f4-75c6d5717b07';

beforeAll(async () => {
  api = await startTestApi();
  owner = await api.newTenant();
  objects = await createObjects({ accountId: owner.accountId, owner, admin: api.admin }, MARKER);
  await markResults();
  stranger = await api.newTenant();
  const { accountId } = await api.newTenant();
  const path = `/accounts/${accountId}/api-keys`;
  const { body } = await api.admin.post(path, { name: 'admin elsewhere', scopes: ['admin'] });
  adminElsewhere = String(body['key']);
});

afterAll(() => api.stop());

/** As if the function had answered, and been quoted. */
async function markResults(): Promise<void> {
  const result = JSON.stringify({
    id: OTHER_TOKEN,
    input: { pin: MARKER },
    output: { answer: MARKER },
    logs: [MARKER],
    error: MARKER,
    status: 'failed',
    startedAt: new Date(),
    completedAt: new Date(),
    attempts: 1,
    httpStatus: 500,
  });
  await api.store.pool.query(
    `UPDATE automation_executions
     SET reason = $1, check_result = $2, perform_result = $2, perform_input = $3, completion_token = $4
     WHERE account_id = $5`,
    [MARKER, result, JSON.stringify({ pin: MARKER }), TOKEN, owner.accountId],
  );
}

interface Refusal {
  status: number;
  message: (id: string) => string;
}

/** How another account's object is refused, by the path that names it (SPEC 5). */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  '/automation/jobs/{id}': { status: 403, message: () => 'forbidden: job belongs to different account' },
  '/automation/executions/{id}': {
    status: 403,
    message: () => 'forbidden: execution belongs to different account',
  },
  '/automation/executions/{id}/complete': {
    status: 403,
    message: () => 'forbidden: not the completion token of the attempt under way',
  },
  '/functions/{id}': { status: 404, message: (id) => `function ${id} not found` },
  '/automation/event-endpoints/{id}': { status: 404, message: (id) => `event endpoint ${id} not found` },
};

/** What is about the whole service or any account is for operators, who have the scope admin, and for nobody else. */
const FOR_OPERATORS = ['/accounts', '/admin', '/automation/audit'];
const isForOperators = (path: string) =>
  FOR_OPERATORS.some((each) => path === each || path.startsWith(`${each}/`));

const operations = routes.map(({ method, path }) => ({ method, path }));
const aboutObjects = operations.filter(({ path }) => path.includes('{'));
const aboutNone = operations.filter(({ path }) => !path.includes('{'));

interface Seen {
  status: number;
  headers: Headers;
  text: string;
}

/** Bodies without which a request would be refused for them alone. */
const BODIES: Readonly<Record<string, object>> = {
  'patch /automation/jobs/{id}': { name: 'taken over' },
  'patch /functions/{id}': { name: 'taken over' },
  'patch /automation/event-endpoints/{id}': { enabled: false },
  'post /accounts/{id}/api-keys': { name: 'taken over' },
};

/** Sends a request, and leaves what a stream would answer. */
async function send(method: string, address: string, key: string, body: object = {}): Promise<Seen> {
  const response = await fetch(`${api.url}${address}`, {
    method: method.toUpperCase(),
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'x-automation-completion-token': OTHER_TOKEN,
    },
    ...(method === 'get' ? {} : { body: JSON.stringify(body) }),
  });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (isStream) await response.body?.cancel();
  return { status: response.status, headers: response.headers, text: isStream ? '' : await response.text() };
}

/** The keys of other accounts that a route does not let in, or shows nothing to. */
const strangersTo = (path: string) =>
  isForOperators(path) ? [stranger.key] : [stranger.key, adminElsewhere];

/** Everything that the database has of the owner, table by table. */
async function rowsOfOwner(): Promise<unknown> {
  const { rows: tables } = await api.store.pool.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE a.attname = 'account_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`,
  );
  expect(tables.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['functions', 'automation_jobs', 'automation_executions', 'api_keys']),
  );
  return Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await api.store.pool.query<object>(
        `SELECT to_jsonb(t) AS row FROM ${name} t WHERE account_id = $1 ORDER BY 1`,
        [owner.accountId],
      );
      return [name, rows];
    }),
  );
}

test('every route about an object has one of another account to be tried on, and is known to refuse it', () => {
  const untried = aboutObjects.filter(({ path }) => pathWithObjects(path, objects) === undefined);
  expect(untried).toEqual([]);
  const unknown = aboutObjects.filter(
    ({ path }) => !isForOperators(path) && objectOf(path, Object.keys(REFUSALS)) === undefined,
  );
  expect(unknown).toEqual([]);
});

test('the owner sees what nobody else does', async () => {
  for (const path of ['/automation/jobs', '/functions', objects.get('/automation/executions/{id}') ?? '']) {
    expect((await send('get', path, owner.key)).text).toContain(MARKER);
  }
});

describe.each(aboutObjects)("$method $path with another account's id", ({ method, path }) => {
  const body = BODIES[`${method} ${path}`];

  test('is refused as SPEC 5 has it, shows nothing and changes nothing', async () => {
    const before = await rowsOfOwner();
    const address = pathWithObjects(path, objects) ?? '';
    for (const key of strangersTo(path)) {
      const { status, headers, text } = await send(method, address, key, body);
      expect({ status, body: JSON.parse(text), etag: headers.get('etag') }).toEqual({
        ...refusalOf(path, headers.get('x-request-id')),
        etag: null,
      });
    }
    expect(await rowsOfOwner()).toEqual(before);
  });

  test.each([TOKEN, 'job-123', 'a%00b', '%ff', '550e8400-e29b-41d4-a716-446655440000'])(
    'is 404 if there is none of the id %s',
    async (id) => {
      const { status, text } = await send(method, path.replaceAll(/\{\w+\}/g, id), adminElsewhere, body);
      expect({ status, body: JSON.parse(text) }).toMatchObject({
        status: 404,
        body: { error: 'not found', code: 'NOT_FOUND' },
      });
    },
  );
});

function refusalOf(path: string, requestId: string | null) {
  const known = objectOf(path, Object.keys(REFUSALS));
  const { status, message } = (known === undefined ? undefined : REFUSALS[known]) ?? {
    status: 403,
    message: () => 'forbidden: the API key lacks the scope admin',
  };
  const id = (known === undefined ? undefined : objects.get(known))?.split('/').at(-1) ?? '';
  return {
    status,
    body: {
      error: status === 404 ? 'not found' : 'forbidden',
      message: message(id),
      code: status === 404 ? 'NOT_FOUND' : 'FORBIDDEN',
      request_id: requestId,
    },
  };
}

describe.each(aboutNone)('$method $path', ({ method, path }) => {
  test('shows nothing of another account, whatever is asked for', async () => {
    const asked = queriesOf(documentedAt(method, path)).map((query) => `${path}${query}`);
    for (const key of strangersTo(path)) {
      for (const address of [path, ...asked]) {
        const { headers, text } = await send(method, address, key, planted());
        expect({ address, text }).toEqual({ address, text: expect.not.stringContaining(MARKER) });
        expect([...headers.values()].join(' ')).not.toContain(MARKER);
      }
    }
  });
});

function documentedAt(method: string, path: string): DocumentedOperation {
  const found = api.document.operations.find((each) => each.method === method && each.path === path);
  if (found === undefined) throw new Error(`${method} ${path} is not in the document`);
  return found;
}

/** Each parameter with everything that may lead to the owner's objects. */
function queriesOf({ parameters }: DocumentedOperation): string[] {
  const ids = [...objects.values()].map((path) => path.slice(path.lastIndexOf('/') + 1));
  const hints = [...ids, MARKER.slice(0, 10)];
  return parameters
    .filter((parameter) => parameter.in === 'query')
    .flatMap(({ name }) => hints.map((hint) => `?${name}=${hint}`));
}

/** A job in the owner's name. */
function planted(): object {
  const functionId = objects.get('/functions/{id}')?.split('/').at(-1);
  return { account_id: owner.accountId, function_id: functionId, name: 'planted', schedule: '@daily' };
}

test('a job is not made in the name of another account', async () => {
  const { status, text } = await send('post', '/automation/jobs', stranger.key, planted());
  expect({ status, body: JSON.parse(text) }).toMatchObject({
    status: 403,
    body: { message: `forbidden: account_id ${owner.accountId} is not the caller's account` },
  });
  expect((await owner.get('/automation/jobs?q=planted')).items).toEqual([]);
});

test('an unknown id is named (SPEC 5)', async () => {
  const { body } = await stranger.get(`/automation/jobs/${TOKEN}`);
  expect(body['message']).toBe(`job ${TOKEN} not found`);
});

test('a key of another account is not found under an account, and stays valid', async () => {
  const { items } = await api.admin.get(`/accounts/${owner.accountId}/api-keys`);
  const path = `/accounts/${stranger.accountId}/api-keys/${String(items.at(-1)?.['id'])}`;
  expect((await api.admin.delete(path)).status).toBe(404);
  expect((await owner.get('/automation/jobs')).status).toBe(200);
});
