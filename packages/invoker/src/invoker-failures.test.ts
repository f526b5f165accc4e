import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { unusedPort } from './function-server.fixture.ts';
import { failingWith, setup } from './invocation.fixture.ts';

const json = { 'content-type': 'application/json' };

describe('the time-out', () => {
  test('ends an invocation that is never answered, and its connection', async () => {
    const function_ = await setup(() => undefined);
    expect(await function_.invoke({ timeoutMs: 50 })).toEqual({
      kind: 'timed_out',
      httpStatus: null,
      error: 'no complete answer within 0.05 s',
    });
    const [socket] = function_.server.sockets;
    if (socket !== undefined && !socket.closed) await once(socket, 'close');
  });

  test('ends an invocation whose answer stops in the middle of its body', async () => {
    const function_ = await setup((response) => response.writeHead(200, json).write('{"a":'));
    expect(await function_.invoke({ timeoutMs: 200 })).toMatchObject({ kind: 'timed_out' });
  });

  test('is one for the whole answer: a body that drips does not put it off', async () => {
    const function_ = await setup((response) => {
      response.writeHead(200, json);
      const drip = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drip));
    });
    expect(await function_.invoke({ timeoutMs: 200 })).toMatchObject({ kind: 'timed_out' });
  });

  test('covers looking up the host', async () => {
    const release = Promise.withResolvers<() => void>();
    const function_ = await setup(() => undefined, {
      lookup: (...[, , callback]) => release.resolve(() => callback(new Error('released'), [])),
    });
    const url = `http://slow.example:${function_.server.port}/`;
    expect(await function_.invoke({ url, timeoutMs: 50 })).toMatchObject({ kind: 'timed_out' });
    (await release.promise)();
  });

  test('covers waiting for a connection of the pool', async () => {
    const function_ = await setup(() => undefined, { connectionsPerOrigin: 1 });
    const caller = new AbortController();
    const first = function_.invoke({}, caller.signal);
    expect(await function_.invoke({ timeoutMs: 50 })).toMatchObject({ kind: 'timed_out' });
    caller.abort();
    expect(await first).toEqual({ kind: 'aborted' });
    expect(function_.server.requests.length).toBeLessThanOrEqual(1);
  });
});

describe('the signal of the caller', () => {
  test('that has fired already lets nothing be sent', async () => {
    const function_ = await setup((response) => response.end());
    expect(await function_.invoke({}, AbortSignal.abort())).toEqual({ kind: 'aborted' });
    expect(function_.server.sockets).toEqual([]);
  });

  test('ends an invocation that waits for its answer, and its connection', async () => {
    const caller = new AbortController();
    const function_ = await setup(() => caller.abort());
    expect(await function_.invoke({}, caller.signal)).toEqual({ kind: 'aborted' });
    const [socket] = function_.server.sockets;
    if (socket !== undefined && !socket.closed) await once(socket, 'close');
  });

  test.each([200, 503])('ends an invocation in the middle of a body of status %i', async (status) => {
    const caller = new AbortController();
    const function_ = await setup((response) => {
      response.writeHead(status, json).write('{"a":', () => setImmediate(() => caller.abort()));
    });
    expect(await function_.invoke({}, caller.signal)).toEqual({ kind: 'aborted' });
  });

  test('that fires after the answer changes nothing', async () => {
    const function_ = await setup((response) => response.end());
    const caller = new AbortController();
    const result = await function_.invoke({}, caller.signal);
    caller.abort();
    expect(result).toMatchObject({ kind: 'succeeded' });
    await nextTurn();
    expect(await function_.invoke()).toMatchObject({ kind: 'succeeded' });
    expect(function_.server.sockets).toHaveLength(1);
  });
});

describe('a network error is unavailable and says', () => {
  test('that the connection was refused', async () => {
    const port = await unusedPort();
    const function_ = await setup(() => undefined);
    expect(await function_.invoke({ url: `http://127.0.0.1:${port}/` })).toEqual({
      kind: 'unavailable',
      httpStatus: null,
      error: `connection refused by 127.0.0.1:${port}`,
      retryAfterMs: null,
    });
  });

  test.each([
    ['ENOTFOUND', 'host example.invalid not found'],
    ['EAI_AGAIN', 'host example.invalid could not be resolved for the time being'],
  ])('that the host could not be resolved (%s)', async (code, error) => {
    const function_ = await setup(() => undefined, { lookup: failingWith(code) });
    expect(await function_.invoke({ url: 'http://example.invalid/' })).toMatchObject({
      kind: 'unavailable',
      error,
    });
  });

  test('that the connection was reset', async () => {
    const function_ = await setup((response) => response.socket?.resetAndDestroy());
    expect(await function_.invoke()).toMatchObject({
      kind: 'unavailable',
      error: `connection reset by 127.0.0.1:${function_.server.port}`,
    });
  });

  test('that the connection was closed before an answer', async () => {
    const function_ = await setup((response) => response.destroy());
    expect(await function_.invoke()).toMatchObject({
      kind: 'unavailable',
      error: `connection closed by 127.0.0.1:${function_.server.port} before the answer was complete`,
    });
  });

  test.each([
    ['of known length', { 'content-length': '100' }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
    ['in chunks, the last on its connection', { 'transfer-encoding': 'chunked', connection: 'close' }],
  ])('that the connection was closed in the middle of a body %s', async (_, framing) => {
    const function_ = await setup((response) => {
      response.writeHead(200, { ...json, ...framing }).write('{"a":', () => response.destroy());
    });
    expect(await function_.invoke()).toMatchObject({
      kind: 'unavailable',
      httpStatus: null,
      error: `connection closed by 127.0.0.1:${function_.server.port} before the answer was complete`,
    });
  });

  test('what went wrong with TLS', async () => {
    const function_ = await setup(() => undefined);
    const { port } = function_.server;
    const result = await function_.invoke({ url: `https://127.0.0.1:${port}/` });
    expect(result).toHaveProperty('kind', 'unavailable');
    expect(result).toHaveProperty(
      'error',
      expect.stringMatching(`^connection to 127.0.0.1:${port} failed: .+ \\(ERR_SSL_.+\\)$`),
    );
  });
});

test('an answer with endless headers is rejected', async () => {
  const function_ = await setup((response) => response.setHeader('x-a', 'x'.repeat(20_000)).end());
  expect(await function_.invoke()).toMatchObject({
    kind: 'rejected',
    error: `expected at most 16 KiB of headers from 127.0.0.1:${function_.server.port}; got more`,
  });
});

test('an answer that is no HTTP is rejected', async () => {
  const function_ = await setup((response) => response.socket?.end('220 mail.example ESMTP\r\n'));
  const result = await function_.invoke();
  expect(result).toMatchObject({ kind: 'rejected', httpStatus: null });
  expect(result).toHaveProperty(
    'error',
    expect.stringContaining(`expected an HTTP answer from 127.0.0.1:${function_.server.port}: `),
  );
});
