import { createApi } from './api.ts';
import { ApiError } from './api-error.ts';
import { itemsOf } from './next-page.ts';

/** A client whose requests are answered by `answer`. */
function setup(answer: () => Promise<Response>, key: string | null = 'the-key') {
  const requests: { path: string; init: RequestInit }[] = [];
  let refusals = 0;
  const send: typeof fetch = async (path, init) => {
    requests.push({ path: typeof path === 'string' ? path : '', init: init ?? {} });
    return answer();
  };
  const api = createApi({ key: () => key, onRefused: () => (refusals += 1), fetch: send });
  return { api, requests, refusals: () => refusals };
}

const json = (status: number, body: object, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });

const REFUSAL = {
  error: 'validation error',
  message: 'schedule "x" must contain 5 fields',
  code: 'VALIDATION_ERROR',
  details: [{ field: 'schedule', message: 'schedule "x" must contain 5 fields' }],
  request_id: 'r-1',
};

test('the key is sent in a header, and never in an address', async () => {
  const { api, requests } = setup(async () => json(200, {}));
  await api.get('/automation/jobs/1', { q: 'a b', status: undefined });
  expect(requests[0]?.path).toBe('/automation/jobs/1?q=a+b');
  expect(new Headers(requests[0]?.init.headers).get('authorization')).toBe('Bearer the-key');
});

test('a page has its items, and the way to the next one', async () => {
  const link = '</automation/jobs?limit=2&cursor=b>; rel="next"';
  const { api } = setup(async () => json(200, [{ id: 'a' }, { id: 'b' }], { link }));
  const page = await api.list<{ id: string }>('/automation/jobs', { limit: 2 });
  expect(page).toEqual({ items: [{ id: 'a' }, { id: 'b' }], next: '/automation/jobs?limit=2&cursor=b' });
  expect(itemsOf([page, { items: [{ id: 'c' }], next: null }])).toHaveLength(3);
});

test('a change is sent with what it is based on', async () => {
  const { api, requests } = setup(async () => json(200, {}));
  await api.send('/automation/jobs/1', { method: 'PATCH', body: { enabled: false }, ifMatch: '"3"' });
  expect(requests[0]?.init).toMatchObject({ method: 'PATCH', body: '{"enabled":false}' });
  expect(new Headers(requests[0]?.init.headers).get('if-match')).toBe('"3"');
});

test('what is made is asked for under the same Idempotency-Key until there is an answer, and under another one after it', async () => {
  const answers = [
    () => Promise.reject(new TypeError('connection lost')),
    async () => json(409, { ...REFUSAL, message: 'a request with Idempotency-Key k is still under way' }),
    async () => json(409, REFUSAL),
    async () => json(201, {}),
    async () => json(201, {}),
  ];
  const { api, requests } = setup(() => answers.shift()?.() ?? Promise.reject(new Error('asked too often')));
  const make = () => api.make('/automation/jobs', { name: 'report' }).catch(() => undefined);
  for (let times = 0; times < 5; times += 1) await make();
  const keys = requests.map(({ init }) => new Headers(init.headers).get('idempotency-key'));
  const [first, , , fourth, fifth] = keys;
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect(keys).toEqual([first, first, first, fourth, fifth]);
  expect(new Set(keys).size).toBe(3);
});

test('what is made otherwise has a key of its own', async () => {
  const { api, requests } = setup(() => Promise.reject(new TypeError('connection lost')));
  for (const name of ['one', 'two']) await api.make('/automation/jobs', { name }).catch(() => undefined);
  expect(new Set(requests.map(({ init }) => new Headers(init.headers).get('idempotency-key'))).size).toBe(2);
});

test('an error has the words of the api, for the field that they are about as well', async () => {
  const { api, refusals } = setup(async () => json(400, REFUSAL));
  const error: unknown = await api.get('/').catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    status: 400,
    code: 'VALIDATION_ERROR',
    message: REFUSAL.message,
    requestId: 'r-1',
  });
  expect(error instanceof ApiError && error.problemOf('schedule')).toBe(REFUSAL.message);
  expect(error instanceof ApiError && error.problemOf('name')).toBeUndefined();
  expect(refusals()).toBe(0);
});

test('a key that is not taken any more is told of', async () => {
  const { api, refusals } = setup(async () => json(401, { ...REFUSAL, code: 'UNAUTHORIZED' }));
  await expect(api.get('/')).rejects.toMatchObject({ status: 401 });
  expect(refusals()).toBe(1);
});

test('an answer of something before the api, or none at all, is an error of our own words', async () => {
  const proxy = setup(async () => new Response('<h1>Bad gateway</h1>', { status: 502 }));
  await expect(proxy.api.get('/')).rejects.toMatchObject({
    status: 502,
    code: 'UNREADABLE',
    requestId: null,
  });
  const down = setup(async () => {
    throw new TypeError('fetch failed');
  });
  await expect(down.api.get('/')).rejects.toMatchObject({ status: 0, code: 'UNREACHABLE' });
});

test('a refusal says how long to wait', async () => {
  const { api } = setup(async () => json(429, { ...REFUSAL, code: 'RATE_LIMITED' }, { 'retry-after': '3' }));
  await expect(api.get('/')).rejects.toMatchObject({ status: 429, retryAfterMs: 3_000 });
});

test('it is told whether the service answers, with whatever status', async () => {
  const told: boolean[] = [];
  const answers = [async () => json(500, {}), () => Promise.reject(new TypeError('no network'))];
  const api = createApi({
    key: () => null,
    onRefused: () => undefined,
    onReached: (isReachable) => told.push(isReachable),
    fetch: () => answers.shift()?.() ?? Promise.reject(new Error('asked too often')),
  });
  await expect(api.get('/')).rejects.toMatchObject({ code: 'UNREADABLE' });
  await expect(api.get('/')).rejects.toMatchObject({ code: 'UNREACHABLE' });
  expect(told).toEqual([true, false]);
});
