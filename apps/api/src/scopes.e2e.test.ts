import { SCOPES } from '@automation/domain';

import { startTestApi, type TestApi } from './api.fixture.ts';
import type { DocumentedOperation } from './docs/document-check.fixture.ts';
import { routes } from './routes.ts';

let api: TestApi;
/** A key that has one scope, by it. */
let keys: Record<string, string>;

beforeAll(async () => {
  api = await startTestApi();
  keys = Object.fromEntries(
    await Promise.all(
      SCOPES.map(async (scope) => {
        const body = { name: scope, scopes: [scope] };
        const key = await api.admin.post('/accounts/admin/api-keys', body);
        return [scope, String(key.body['key'])] as const;
      }),
    ),
  );
});

afterAll(() => api.stop());

const OPEN_TO_ALL = ['/healthz', '/readyz', '/manifest', '/openapi.json'];
const UNKNOWN = '01a20d39-27c1-753f-87f4-75c6d5717b06';

const operations = routes.map(({ method, path }) => ({ method, path }));

function documented({ method, path }: { method: string; path: string }): DocumentedOperation {
  const found = api.document.operations.find((each) => each.method === method && each.path === path);
  if (found === undefined) throw new Error(`${method} ${path} is not in the document`);
  return found;
}

/** Who may call an operation, as the document has it. */
function accessTo({ security }: DocumentedOperation): string {
  for (const scope of SCOPES) {
    if (isEqual(security, [{ bearer: [scope] }, { apiKey: [scope] }])) return scope;
  }
  if (isEqual(security, [{ completionToken: [] }])) return 'token';
  if (isEqual(security, [])) return 'anyone';
  throw new Error(`nobody knows what ${JSON.stringify(security)} asks for`);
}

const isEqual = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Sends a request without a body for objects that there are not, and leaves what a stream would answer. */
async function call({ method, path }: DocumentedOperation, headers: Record<string, string>) {
  const response = await fetch(`${api.url}${path.replaceAll(/\{\w+\}/g, UNKNOWN)}`, {
    method: method.toUpperCase(),
    headers,
  });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (isStream) await response.body?.cancel();
  const body: unknown = isStream ? null : await response.json();
  return { status: response.status, body, challenge: response.headers.get('www-authenticate') };
}

const bearing = (scope: string) => ({ Authorization: `Bearer ${keys[scope]}` });

/** The scopes that a key may have without having this one: each includes those before it. */
const lesserThan = (scope: string) =>
  SCOPES.filter((_, index) => index < SCOPES.findIndex((s) => s === scope));

test('the document says of every route who may call it, and it is anyone for these alone (SPEC 5)', () => {
  const access = api.document.operations.map((operation) => [operation.path, accessTo(operation)]);
  expect(access.filter(([, who]) => who === 'anyone').map(([path]) => path)).toEqual(OPEN_TO_ALL);
  expect(access.filter(([, who]) => who === 'token').map(([path]) => path)).toEqual([
    '/automation/executions/{id}/complete',
  ]);
});

test('the document has every route, so that the tests below go through all of them', () => {
  const inDocument = api.document.operations.map(({ method, path }) => ({ method, path }));
  expect(operations).toEqual(expect.arrayContaining(inDocument));
  expect(inDocument).toHaveLength(operations.length);
});

describe.each(operations.filter(({ path }) => !OPEN_TO_ALL.includes(path)))('$method $path', (route) => {
  test('is refused without a credential', async () => {
    expect(await call(documented(route), {})).toMatchObject({
      status: 401,
      body: { error: 'unauthorized', code: 'UNAUTHORIZED' },
      challenge: 'Bearer',
    });
  });

  test('is refused with each lesser scope, which is told the one that it lacks', async () => {
    const operation = documented(route);
    const needed = accessTo(operation);
    for (const scope of lesserThan(needed)) {
      expect({ scope, ...(await call(operation, bearing(scope))) }).toMatchObject({
        scope,
        status: 403,
        body: { code: 'FORBIDDEN', message: `forbidden: the API key lacks the scope ${needed}` },
      });
    }
  });

  test('is open to the scope that it names, and to no API key if it asks for a token', async () => {
    const operation = documented(route);
    const needed = accessTo(operation);
    const { status } = await call(operation, bearing(needed === 'token' ? 'admin' : needed));
    expect([401, 403].includes(status)).toBe(needed === 'token');
  });
});

test.each(OPEN_TO_ALL)('GET %s is open to anyone', async (path) => {
  expect((await call(documented({ method: 'get', path }), {})).status).toBe(200);
});
