import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import request, { type Response } from 'supertest';

import { createJob, startTestApi, type Tenant, type TestApi } from '../api.fixture.ts';

let api: TestApi;
let tenant: Tenant;
let jobPath: string;

beforeAll(async () => {
  api = await startTestApi();
  tenant = await api.newTenant();
  const job = await createJob(tenant);
  jobPath = `/automation/jobs/${String(job['id'])}`;
});

afterAll(() => api.stop());

const authorized = () => ({ Authorization: `Bearer ${tenant.key}` });
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function idOf(path: string, given?: string) {
  const sent = request(api.url).get(path).set(authorized());
  const response: Response = await (given === undefined ? sent : sent.set('X-Request-Id', given));
  return { header: response.get('X-Request-Id'), body: response.body };
}

describe('X-Request-Id (SPEC 5)', () => {
  test('one that is made up is on every response, a new one each time', async () => {
    const [one, other] = [await idOf(jobPath), await idOf('/healthz')];
    expect(one.header).toMatch(UUID);
    expect(other.header).toMatch(UUID);
    expect(one.header).not.toBe(other.header);
  });

  test("the caller's own is taken, and is in errors too", async () => {
    const { header, body } = await idOf('/nowhere', 'trace-1_a.B');
    expect(header).toBe('trace-1_a.B');
    expect(body).toMatchObject({ code: 'NOT_FOUND', request_id: 'trace-1_a.B' });
  });

  test.each(['', 'a b', 'a"b', 'x'.repeat(129), '{"json":1}'])('%j is none', async (given) => {
    expect((await idOf(jobPath, given)).header).toMatch(UUID);
  });
});

describe('paths and methods', () => {
  test('GET / leads to the console', async () => {
    const response: Response = await request(api.url).get('/').expect(302);
    expect(response.get('Location')).toBe('/console');
  });

  test.each(['/nowhere', '/automation', '/AUTOMATION/JOBS', '/automation/jobs/x/y', '/metrics'])(
    'GET %s is 404 in the form of every error, to anyone',
    async (path) => {
      const { body }: Response = await request(api.url).get(path).expect(404);
      expect(body).toEqual({
        error: 'not found',
        code: 'NOT_FOUND',
        message: `GET ${path} not found`,
        request_id: expect.stringMatching(UUID),
      });
    },
  );

  test.each([
    ['put', '/automation/jobs', 'HEAD, GET, POST, OPTIONS'],
    ['delete', '/automation/jobs', 'HEAD, GET, POST, OPTIONS'],
    ['post', '/manifest', 'HEAD, GET, OPTIONS'],
    ['get', '/automation/schedules/preview', 'POST, OPTIONS'],
    ['trace', '/healthz', 'HEAD, GET, OPTIONS'],
  ] as const)('%s %s is 405, and Allow says what is allowed (RFC 9110)', async (method, path, allow) => {
    const { body }: Response = await request(api.url)[method](path).expect(405).expect('Allow', allow);
    expect(body).toEqual({
      error: 'method not allowed',
      code: 'METHOD_NOT_ALLOWED',
      message: `${method.toUpperCase()} ${path} is not allowed, only ${allow} are`,
      request_id: expect.stringMatching(UUID),
    });
  });

  test('a method that is not allowed changes nothing, whoever asks', async () => {
    const before: Response = await request(api.url).get(jobPath).set(authorized());
    await request(api.url).put(jobPath).set(authorized()).send({ name: 'replaced' }).expect(405);
    await request(api.url).post(jobPath).set(authorized()).send({ name: 'replaced' }).expect(405);
    const after: Response = await request(api.url).get(jobPath).set(authorized());
    expect(after.body).toEqual(before.body);
  });

  test('OPTIONS answers what is allowed, to anyone and without a body', async () => {
    const response: Response = await request(api.url)
      .options(jobPath)
      .expect(204)
      .expect('Allow', 'HEAD, GET, PATCH, DELETE, OPTIONS');
    expect(response.text).toBe('');
    await request(api.url).options('/nowhere').expect(404);
  });

  test('HEAD answers as GET does, without the body', async () => {
    const get: Response = await request(api.url).get(jobPath).set(authorized()).expect(200);
    const head: Response = await request(api.url).head(jobPath).set(authorized()).expect(200);
    expect(head.text).toBeUndefined();
    for (const name of ['etag', 'content-type', 'cache-control']) {
      expect([name, head.get(name)]).toEqual([name, get.get(name)]);
    }
    await request(api.url).head(jobPath).expect(401);
    await request(api.url).head('/automation/jobs/unknown').set(authorized()).expect(404);
  });

  test('a trailing slash is the same route', async () => {
    const plain: Response = await request(api.url).get(jobPath).set(authorized());
    const slashed: Response = await request(api.url).get(`${jobPath}/`).set(authorized()).expect(200);
    expect(slashed.body).toEqual(plain.body);
  });
});

describe('a cursor is an id as it is answered; another way to write a UUID is refused', () => {
  const id = '01a22181-1a71-746a-b822-e10e3b5954a6';
  const lists = [
    ['/automation/jobs', () => '/automation/jobs'],
    ['/automation/jobs/{id}/executions', () => `${jobPath}/executions`],
    ['/automation/audit-log', () => '/automation/audit-log'],
    ['/automation/event-endpoints', () => '/automation/event-endpoints'],
  ] as const;

  test.each(lists)('of %s', async (_name, path) => {
    const ofAdmin = path() === '/automation/audit-log';
    const list = (cursor: string) =>
      (ofAdmin ? api.admin : tenant).get(`${path()}?cursor=${encodeURIComponent(cursor)}`);
    expect(await list(id)).toMatchObject({ status: 200 });
    for (const cursor of [`(${id})`, `[${id}]`, `{${id}}`, id.replaceAll('-', ':'), id.replaceAll('-', '')])
      expect(await list(cursor)).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
  });
});

describe('security headers', () => {
  test('are on every answer, and what the server is made of is not', async () => {
    for (const path of ['/healthz', jobPath, '/nowhere', '/docs/']) {
      const response: Response = await request(api.url).get(path);
      expect(response.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'no-referrer',
      });
      expect(response.headers['x-powered-by']).toBeUndefined();
    }
  });

  test('answers with data are never cached', async () => {
    const shown: Response = await request(api.url).get(jobPath).set(authorized());
    const refused: Response = await request(api.url).get(jobPath);
    expect([shown.status, shown.get('Cache-Control')]).toEqual([200, 'no-store']);
    expect([refused.status, refused.get('Cache-Control')]).toEqual([401, 'no-store']);
  });
});

test('a request that is no HTTP is refused, and the api goes on', async () => {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  socket.write('NONSENSE\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  await request(api.url).get('/healthz').expect(200);
});
