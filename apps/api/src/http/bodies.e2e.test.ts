import { gzipSync } from 'node:zlib';

import request, { type Response } from 'supertest';

import { createJob, startTestApi, type Tenant, type TestApi } from '../api.fixture.ts';
import { refusalOf } from './refusal.fixture.ts';

let api: TestApi;
let tenant: Tenant;
let jobPath: string;
let functionId: string;

beforeAll(async () => {
  api = await startTestApi();
  tenant = await api.newTenant();
  const job = await createJob(tenant);
  jobPath = `/automation/jobs/${String(job['id'])}`;
  functionId = String(job['function_id']);
});

afterAll(() => api.stop());

const PREVIEW = JSON.stringify({ schedule: '@daily' });

const headers = (contentType: string) => ({
  Authorization: `Bearer ${tenant.key}`,
  'Content-Type': contentType,
});

/** Asks for a preview with a body as it is. */
async function preview(body: string, contentType = 'application/json'): Promise<Response> {
  return request(api.url).post('/automation/schedules/preview').set(headers(contentType)).send(body);
}

/** Sends bytes under a Content-Encoding; without a Content-Length, since they come in pieces. */
function previewEncoded(pieces: readonly Buffer[], encoding: string): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = request(api.url)
      .post('/automation/schedules/preview')
      .set({ ...headers('application/json'), 'Content-Encoding': encoding });
    for (const piece of pieces) sent.write(piece);
    sent.end((error: unknown, response: Response) => (error === null ? resolve(response) : reject(error)));
  });
}

/** A preview's body of that many bytes. */
const sized = (bytes: number) => `{"schedule":"@daily"${' '.repeat(bytes - 21)}}`;

/** Patches the job with a body as it is. */
const patch = (body: string) => request(api.url).patch(jobPath).set(headers('application/json')).send(body);

/** Creates a job with a body as it is. */
const create = (body: string) =>
  request(api.url).post('/automation/jobs').set(headers('application/json')).send(body);

describe('content types', () => {
  test.each(['application/json', 'Application/JSON; charset=utf-8', 'application/json;charset=UTF-8'])(
    '%s is taken',
    async (type) => {
      expect((await preview(PREVIEW, type)).status).toBe(200);
    },
  );

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'application/merge-patch+json',
    'multipart/form-data; boundary=x',
  ])('%s is 415 and named', async (type) => {
    const { status, body } = await preview(PREVIEW, type);
    expect({ status, body }).toMatchObject({
      status: 415,
      body: {
        error: 'unsupported media type',
        code: 'UNSUPPORTED_MEDIA_TYPE',
        message: `the body must be application/json, its content type is ${type}`,
      },
    });
  });

  test('none is 415, too', async () => {
    const sent = request(api.url)
      .post('/automation/schedules/preview')
      .set(headers(''))
      .unset('Content-Type');
    sent.write(PREVIEW);
    const { status, body }: Response = await sent;
    expect({ status, body }).toMatchObject({
      status: 415,
      body: { message: 'the body must be application/json, its content type is none' },
    });
  });

  test('a charset that JSON does not have is 415', async () => {
    const { status, body } = await preview(PREVIEW, 'application/json; charset=latin1');
    expect({ status, body }).toMatchObject({
      status: 415,
      body: { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'unsupported charset "LATIN1"' },
    });
  });
});

describe('content encodings', () => {
  test('a gzipped body is read, and is limited by what it unfolds to', async () => {
    expect((await previewEncoded([gzipSync(PREVIEW)], 'gzip')).status).toBe(200);
    const bomb = gzipSync(JSON.stringify({ schedule: 'x'.repeat(10_000_000) }));
    const { status, body } = await previewEncoded([bomb], 'gzip');
    expect({ status, body }).toMatchObject({
      status: 413,
      body: { code: 'PAYLOAD_TOO_LARGE', message: 'the body is larger than 256 KiB' },
    });
  });

  test.each(['gzip', 'br', 'deflate'])('what is not %s after all is 400', async (encoding) => {
    const { status, body } = await previewEncoded([Buffer.from(PREVIEW)], encoding);
    expect({ status, body }).toMatchObject({
      status: 400,
      body: {
        code: 'VALIDATION_ERROR',
        message: 'the body is not compressed as its Content-Encoding says',
      },
    });
  });

  test('one that nobody knows is 415', async () => {
    const { status, body } = await previewEncoded([Buffer.from(PREVIEW)], 'rot13');
    expect({ status, body }).toMatchObject({
      status: 415,
      body: { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'unsupported content encoding "rot13"' },
    });
  });
});

describe('sizes', () => {
  test('more than 256 KiB is 413, 256 KiB are not', async () => {
    expect((await preview(sized(262_144))).status).toBe(200);
    const { status, body } = await preview(sized(262_145));
    expect({ status, body }).toMatchObject({
      status: 413,
      body: {
        error: 'payload too large',
        code: 'PAYLOAD_TOO_LARGE',
        message: 'the body is larger than 256 KiB',
      },
    });
  });

  test('a body that comes in pieces, whose length nobody said, is held to the same', async () => {
    const half = Buffer.from(sized(262_144)).subarray(0, 200_000);
    const { status } = await previewEncoded([half, half], 'identity');
    expect(status).toBe(413);
  });

  test('the connection can be used again after a 413', async () => {
    const agent = request.agent(api.url).set({ ...headers('application/json'), Connection: 'keep-alive' });
    await agent.post('/automation/schedules/preview').send(sized(1_000_000)).expect(413);
    const { status } = await agent.post('/automation/schedules/preview').send(PREVIEW);
    expect(status).toBe(200);
  });
});

describe('JSON', () => {
  test.each(['{"name": ', '{name: 1}', '{"name": "a"} x', '"\ud800', '\u0000'])(
    'malformed JSON %j is 400, never 500 (SPEC 5)',
    async (text) => {
      const { status, body }: { status: number; body: object } = await create(text);
      expect({ status, body }).toEqual({
        status: 400,
        body: {
          error: 'validation error',
          code: 'VALIDATION_ERROR',
          message: expect.stringMatching(/^malformed JSON: ./),
          request_id: expect.stringMatching(/./),
        },
      });
    },
  );

  test.each([
    ['[]', 'an array'],
    ['null', 'null'],
    ['"text"', '"text"'],
    ['5', '5'],
  ])('%s is no object', async (text, got) => {
    const { status, body } = await create(text);
    expect({ status, body }).toMatchObject(refusalOf('body', `body must be of type object, got ${got}`));
  });

  test('nesting that is far too deep is refused like any other', async () => {
    const depth = 60_000;
    const text = `{"payload": {"a": ${'['.repeat(depth)}${']'.repeat(depth)}}}`;
    const { status, body } = await patch(text);
    const message = 'payload must not be nested deeper than 64 levels';
    expect({ status, body }).toMatchObject(refusalOf('payload', message));
  });

  test("no body at all is the seed's first missing field", async () => {
    expect(await tenant.post('/automation/jobs')).toMatchObject({
      status: 400,
      body: { message: 'required: function_id' },
    });
  });

  test('numbers that no JSON can say back are refused', async () => {
    const body = `{"function_id": "${functionId}", "name": "n", "schedule": "@daily", "payload": {"a": 1e400}}`;
    const response = await create(body);
    expect({ status: response.status, body: response.body }).toMatchObject(
      refusalOf('payload', 'payload must not contain numbers beyond 1e308'),
    );
  });

  test.each([
    ['{"__proto__": {"name": "x"}}'],
    ['{"payload": {"a": [{"__proto__": 1}]}}'],
    ['{"metadata": {"\\u005f_proto__": null}}'],
  ])('%s would lose its field, and is refused', async (text) => {
    const { status, body } = await patch(text);
    expect({ status, body }).toMatchObject(refusalOf('__proto__', 'no key may be __proto__'));
  });

  test('other names that objects have by themselves are fields like any other', async () => {
    const payload = { constructor: 1, toString: null, hasOwnProperty: { valueOf: 'x' } };
    const { body }: Response = await patch(JSON.stringify({ payload }));
    expect(body).toMatchObject({ payload });
    const refused = await patch('{"constructor": 1}');
    expect({ status: refused.status, body: refused.body }).toMatchObject(
      refusalOf('constructor', 'unknown field: constructor'),
    );
  });
});
