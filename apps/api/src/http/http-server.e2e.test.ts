import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { listen } from '@automation/service-kit';

import { startTestApi, type TestApi } from '../api.fixture.ts';
import { createHttpServer } from './http-server.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});

afterAll(() => api.stop());

/** Sends bytes as they are, and answers all that comes back until the api closes the connection. */
async function exchange(...lines: string[]): Promise<{ status: number; head: string; body: unknown }> {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const answer = await text(socket);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head, body: JSON.parse(body) };
}

const ANY_ID: unknown = expect.stringMatching(/^[0-9a-f-]{36}$/);

describe('what is no request is refused in the form of every error (SPEC 5)', () => {
  test.each([
    ['no HTTP', ['NONSENSE']],
    ['a method that there is not', ['get /healthz HTTP/1.1', 'Host: x']],
    ['two lengths', ['POST /functions HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Content-Length: 2']],
    [
      'a length and chunks',
      ['POST / HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Transfer-Encoding: chunked'],
    ],
    ['a target that is no URL', ['GET http://example.com:port/ HTTP/1.1', 'Host: x']],
    ['a negative length', ['POST / HTTP/1.1', 'Host: x', 'Content-Length: -1']],
    ['a control character in a header', ['GET / HTTP/1.1', 'Host: x', 'X-Api-Key: a\u0001b\u0000']],
  ])('%s', async (_what, lines) => {
    const { status, head, body } = await exchange(...lines);
    expect({ status, body }).toEqual({
      status: 400,
      body: {
        error: 'validation error',
        code: 'VALIDATION_ERROR',
        message: 'the request is not valid HTTP',
        request_id: ANY_ID,
      },
    });
    expect(head).toContain(`X-Request-Id: ${String(Reflect.get(Object(body), 'request_id'))}`);
  });

  test('headers without end', async () => {
    const { status, body } = await exchange('GET / HTTP/1.1', 'Host: x', `X-Long: ${'x'.repeat(20_000)}`);
    expect({ status, body }).toMatchObject({
      status: 431,
      body: { code: 'HEADERS_TOO_LARGE', message: 'the headers are larger than 16 KiB' },
    });
  });

  test('a request without Host', async () => {
    const { status, body } = await exchange('GET /healthz HTTP/1.1', 'Connection: close');
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_ERROR', message: 'the request has no Host header', request_id: ANY_ID },
    });
  });

  test('CONNECT', async () => {
    const { status, body } = await exchange('CONNECT example.com:443 HTTP/1.1', 'Host: example.com:443');
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { message: 'CONNECT is for proxies, and this is none' },
    });
  });
});

test('an expectation that nobody knows is ignored (RFC 9110 10.1.1)', async () => {
  const { status } = await exchange('GET /healthz HTTP/1.1', 'Host: x', 'Expect: more', 'Connection: close');
  expect(status).toBe(200);
});

test('a client that hangs up in the middle of its body is told so, and the connection is closed', async () => {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  socket.end('POST /functions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"name"');
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d .*"code":"[A-Z_]+"/s);
});

test('a client that takes too long to send its request is told so', async () => {
  const timeouts = { headersTimeout: 50, requestTimeout: 50, connectionsCheckingInterval: 10 };
  const server = createHttpServer(() => undefined, timeouts);
  const port = await listen(server, { host: '127.0.0.1', port: 0, setting: 'port' });
  const socket = connect(port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"name"');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 .*"code":"REQUEST_TIMEOUT"/s);
  server.close();
});

test('no other origin may use the api from a browser: no answer allows one (CORS)', async () => {
  for (const method of ['GET', 'OPTIONS']) {
    const { headers } = await fetch(`${api.url}/automation/jobs`, {
      method,
      headers: { Origin: 'https://example.com', 'Access-Control-Request-Method': 'POST' },
    });
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  }
});

test.each([
  ['Range', 'bytes=99999999-', 200],
  ['If-Match', '"another"', 412],
])('%s: %s of a file of /docs is %i, and no bug', async (name, value, status) => {
  const response = await fetch(`${api.url}/docs/swagger-ui.css`, { headers: { [name]: value } });
  expect(response.status).toBe(status);
  await response.body?.cancel();
});
