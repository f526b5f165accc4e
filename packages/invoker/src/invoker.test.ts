import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import type { Answer, ReceivedRequest } from './function-server.fixture.ts';
import { invocationOf, resultOf, setup } from './invocation.fixture.ts';
import { createInvoker } from './invoker.ts';
import { generateSecret } from './signature.ts';

const ENVELOPE = 'application/vnd.automation.execution+json';
const EXPECTED = `expected a JSON object as application/json, an execution as ${ENVELOPE}, or an empty body`;

function answering(status: number, headers: Record<string, string>, body: string): Answer {
  return (response) => response.writeHead(status, headers).end(body);
}

/** The headers as the library of Standard Webhooks takes them. */
function flat(headers: ReceivedRequest['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

const ok = answering(200, { 'content-type': 'application/json' }, '{"done":true}');

describe('the request', () => {
  test('is a POST of the body as JSON, with the headers of the invocation', async () => {
    const function_ = await setup(ok);
    await function_.invoke({
      url: `${function_.server.url}?tenant=1`,
      body: { automation_job: 'job-1', text: 'ä€😀' },
      headers: { 'Idempotency-Key': 'execution-1:check', traceparent: '00-1-2-01' },
    });
    const [request] = function_.server.requests;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/invoke?tenant=1',
      body: '{"automation_job":"job-1","text":"ä€😀"}',
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(request!.body)),
        host: `127.0.0.1:${function_.server.port}`,
        'idempotency-key': 'execution-1:check',
        traceparent: '00-1-2-01',
      },
    });
    expect(request!.headers).not.toHaveProperty('accept-encoding');
  });

  test('carries a signature that the library of Standard Webhooks verifies', async () => {
    const function_ = await setup(ok);
    const secret = generateSecret();
    await function_.invoke({ secrets: [secret], messageId: 'execution-1:perform', body: { text: 'ä€😀' } });
    const { headers, body } = function_.server.requests[0]!;
    expect(headers['webhook-id']).toBe('execution-1:perform');
    expect(new Webhook(secret).verify(body, flat(headers))).toEqual({ text: 'ä€😀' });
  });

  test('is signed by each secret, so that a receiver with the old one or the new one verifies it', async () => {
    const function_ = await setup(ok);
    const secrets = [generateSecret(), generateSecret()];
    await function_.invoke({ secrets, body: { a: 1 } });
    const { headers, body } = function_.server.requests[0]!;
    for (const secret of secrets) expect(new Webhook(secret).verify(body, flat(headers))).toEqual({ a: 1 });
    expect(() => new Webhook(generateSecret()).verify(body, flat(headers))).toThrow(
      'No matching signature found',
    );
  });

  test('lets the headers of the invocation override neither content, host, connection nor signature', async () => {
    const function_ = await setup(ok);
    const secret = generateSecret();
    const result = await function_.invoke({
      secrets: [secret],
      headers: {
        'Content-Type': 'text/plain',
        'Content-Length': '1',
        'CONTENT-ENCODING': 'gzip',
        'Accept-Encoding': 'gzip',
        Host: 'elsewhere.example',
        Connection: 'close',
        'Transfer-Encoding': 'chunked',
        Expect: '100-continue',
        'Webhook-Id': 'forged',
        'webhook-signature': 'v1,forged',
        'WEBHOOK-TIMESTAMP': '1',
        'X-Kept': 'yes',
      },
    });
    expect(result.kind).toBe('succeeded');
    const { headers, body } = function_.server.requests[0]!;
    expect(() => new Webhook(secret).verify(body, flat(headers))).not.toThrow();
    expect(Object.keys(headers).toSorted()).toEqual([
      'connection',
      'content-length',
      'content-type',
      'host',
      'webhook-id',
      'webhook-signature',
      'webhook-timestamp',
      'x-kept',
    ]);
    expect(headers).toMatchObject({ connection: 'keep-alive', 'content-type': 'application/json' });
  });

  test('with a header that HTTP does not allow is rejected', async () => {
    const function_ = await setup(ok);
    expect(await function_.invoke({ headers: { 'X-Broken': 'two\r\nlines' } })).toMatchObject({
      kind: 'rejected',
      httpStatus: null,
      error: 'the request cannot be sent: invalid X-Broken header',
    });
    expect(function_.server.requests).toEqual([]);
  });

  test('with a secret that is none is a bug of the caller and throws', async () => {
    const function_ = await setup(ok);
    await expect(function_.invoke({ secrets: ['whsec_???'] })).rejects.toThrow(TypeError);
    expect(function_.server.requests).toEqual([]);
  });

  test.each(['not a url', 'ftp://example.com/', 'http://user:pass@example.com/'])(
    'to %s is rejected without a connection',
    async (url) => {
      const invoker = createInvoker({ egress: { network: 'private' } });
      const result = await resultOf(invoker, invocationOf(url));
      expect(result).toMatchObject({ kind: 'rejected', httpStatus: null, output: {}, logs: [] });
      await invoker.close();
    },
  );
});

describe('a 2xx answer', () => {
  test.each([200, 201, 202, 299])('of status %i succeeds with its object as output', async (status) => {
    const function_ = await setup(answering(status, { 'content-type': 'application/json' }, '{"a":1}'));
    expect(await function_.invoke()).toEqual({
      kind: 'succeeded',
      httpStatus: status,
      output: { a: 1 },
      logs: [],
    });
  });

  test('without a body succeeds with {}', async () => {
    const function_ = await setup((response) => response.writeHead(204).end());
    expect(await function_.invoke()).toMatchObject({ kind: 'succeeded', httpStatus: 204, output: {} });
  });

  test('in an envelope is read as one', async () => {
    const body = JSON.stringify({ output: { a: 1 }, logs: ['one'], error: 'it broke', status: 'failed' });
    const function_ = await setup(answering(200, { 'content-type': ENVELOPE }, body));
    expect(await function_.invoke()).toEqual({
      kind: 'rejected',
      httpStatus: 200,
      error: 'it broke',
      output: { a: 1 },
      logs: ['one'],
    });
  });

  test('of another content type is rejected with what was got and what is expected', async () => {
    const function_ = await setup(answering(200, { 'content-type': 'text/html' }, '<html></html>'));
    expect(await function_.invoke()).toEqual({
      kind: 'rejected',
      httpStatus: 200,
      error: `${EXPECTED}; got content type text/html`,
      output: {},
      logs: [],
    });
  });

  test('with a content encoding is rejected', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const function_ = await setup(answering(200, headers, '{}'));
    expect(await function_.invoke()).toMatchObject({
      kind: 'rejected',
      error: `${EXPECTED}; got content encoding gzip`,
    });
  });

  test('with content encoding identity succeeds', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'Identity' };
    const function_ = await setup(answering(200, headers, '{}'));
    expect(await function_.invoke()).toMatchObject({ kind: 'succeeded' });
  });

  test('of exactly 1 MiB succeeds', async () => {
    const body = `{"a":"${'x'.repeat(1024 * 1024 - 8)}"}`;
    const function_ = await setup(answering(200, { 'content-type': 'application/json' }, body));
    expect(await function_.invoke()).toMatchObject({ kind: 'succeeded' });
  });

  test.each([1024 * 1024 + 1, 2 * 1024 * 1024])('of %i bytes is rejected', async (length) => {
    const body = `{"a":"${'x'.repeat(length - 8)}"}`;
    const function_ = await setup(answering(200, { 'content-type': 'application/json' }, body));
    expect(await function_.invoke()).toMatchObject({
      kind: 'rejected',
      httpStatus: 200,
      error: `${EXPECTED}; got more than 1 MiB`,
    });
  });

  test('that does not end is not downloaded beyond 1 MiB', async () => {
    const chunk = Buffer.alloc(64 * 1024, ' ');
    const closed = Promise.withResolvers<void>();
    const function_ = await setup((response) => {
      const pour = (): void => {
        while (response.write(chunk));
      };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.on('drain', pour).on('close', closed.resolve);
      pour();
    });
    expect(await function_.invoke()).toMatchObject({ kind: 'rejected' });
    await closed.promise;
  });
});

describe('another answer', () => {
  test.each([
    [408, 'HTTP 408 Request Timeout: overloaded'],
    [425, 'HTTP 425 Too Early: overloaded'],
    [429, 'HTTP 429 Too Many Requests: overloaded'],
    [500, 'HTTP 500 Internal Server Error: overloaded'],
    [503, 'HTTP 503 Service Unavailable: overloaded'],
    [599, 'HTTP 599: overloaded'],
  ])('of status %i is unavailable', async (status, error) => {
    const function_ = await setup(answering(status, {}, 'overloaded\n'));
    expect(await function_.invoke()).toEqual({
      kind: 'unavailable',
      httpStatus: status,
      error,
      retryAfterMs: null,
    });
  });

  test('that is unavailable tells when to come back', async () => {
    const function_ = await setup(answering(503, { 'retry-after': '7' }, ''));
    expect(await function_.invoke()).toEqual({
      kind: 'unavailable',
      httpStatus: 503,
      error: 'HTTP 503 Service Unavailable',
      retryAfterMs: 7000,
    });
  });

  test.each([400, 401, 404, 409, 422])('of status %i is rejected', async (status) => {
    const function_ = await setup(answering(status, {}, 'no such thing'));
    const result = await function_.invoke();
    expect(result).toMatchObject({ kind: 'rejected', httpStatus: status, output: {}, logs: [] });
    expect(result).toHaveProperty('error', expect.stringMatching(/^HTTP \d+ [\w ]+: no such thing$/));
  });

  test('of status 410 is gone', async () => {
    const function_ = await setup(answering(410, {}, 'moved to v2'));
    expect(await function_.invoke()).toEqual({
      kind: 'gone',
      httpStatus: 410,
      error: 'HTTP 410 Gone: moved to v2',
    });
  });

  test.each([301, 302, 303, 304, 307, 308])('of status %i is rejected and not followed', async (status) => {
    const function_ = await setup(answering(status, { location: '/elsewhere' }, ''));
    const result = await function_.invoke();
    expect(result).toMatchObject({ kind: 'rejected', httpStatus: status });
    expect(result).toHaveProperty('error', expect.stringMatching(/: redirects are not followed$/));
    expect(function_.server.requests).toHaveLength(1);
  });

  test('is quoted with at most 500 characters, in one line and without control characters', async () => {
    const function_ = await setup(answering(400, {}, `a\r\n\u0000\tb ${'😀'.repeat(20_000)}`));
    expect(await function_.invoke()).toMatchObject({
      error: `HTTP 400 Bad Request: a b ${'😀'.repeat(496)}`,
    });
  });

  test('is not quoted if its body is encoded', async () => {
    const function_ = await setup(answering(500, { 'content-encoding': 'br' }, 'abc'));
    expect(await function_.invoke()).toMatchObject({ error: 'HTTP 500 Internal Server Error' });
  });

  test('whose body breaks off is what its status says', async () => {
    const function_ = await setup((response) => {
      response.writeHead(410, { 'content-length': '100' }).write('half', () => response.destroy());
    });
    expect(await function_.invoke()).toEqual({ kind: 'gone', httpStatus: 410, error: 'HTTP 410 Gone' });
  });

  test('whose body stalls is what its status says', async () => {
    const function_ = await setup((response) => response.writeHead(400).write('half'));
    expect(await function_.invoke({ timeoutMs: 500 })).toMatchObject({ kind: 'rejected', httpStatus: 400 });
  });
});

describe('connections', () => {
  test('are kept alive: one serves calls that follow each other, whatever their answers', async () => {
    let calls = 0;
    const function_ = await setup((response) => {
      calls += 1;
      response.writeHead([200, 503, 404, 410, 204][calls % 5]!).end();
    });
    for (let call = 0; call < 10; call += 1) {
      await function_.invoke();
      // undici gives a connection back one turn of the event loop after its answer.
      await nextTurn();
    }
    expect(function_.server.requests).toHaveLength(10);
    expect(function_.server.sockets).toHaveLength(1);
  });

  test('are at most as many to one origin as the option says', async () => {
    const function_ = await setup(ok, { connectionsPerOrigin: 2 });
    const signal = new AbortController().signal;
    const results = await Promise.all(Array.from({ length: 20 }, () => function_.invoke({}, signal)));
    expect(results.every(({ kind }) => kind === 'succeeded')).toBe(true);
    expect(function_.server.sockets).toHaveLength(2);
  });

  test('are closed by close, which waits for what is under way and can be called twice', async () => {
    const received = Promise.withResolvers<() => void>();
    const function_ = await setup((response) => received.resolve(() => response.end()));
    const result = function_.invoke();
    const answer = await received.promise;
    const closed = Promise.all([function_.invoker.close(), function_.invoker.close()]);
    answer();
    expect(await result).toMatchObject({ kind: 'succeeded' });
    await closed;
    const [socket] = function_.server.sockets;
    if (!socket!.closed) await once(socket!, 'close');
    expect(await function_.invoke()).toEqual({ kind: 'aborted' });
    expect(function_.server.requests).toHaveLength(1);
  });
});
