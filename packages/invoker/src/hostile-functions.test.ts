import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { pouring, sending, setupRaw } from './raw-function.fixture.ts';
import type { InvocationResult } from './invocation.ts';

const MIB = 1024 * 1024;
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

/** Resolves when the connection is gone, be it reset or ended. */
async function closed(socket: Socket | undefined): Promise<void> {
  if (socket === undefined || socket.closed) return;
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
}

function answer(headers: string, body: string): string {
  return `${HEAD}${headers}\r\n\r\n${body}`;
}

/** Sends a beginning, then the same again from time to time. */
const drip = (beginning: string, text: string) => (socket: Socket) => {
  socket.write(beginning);
  const timer = setInterval(() => socket.write(text), 5);
  socket.on('close', () => clearInterval(timer));
};

/** Sends these bytes when a request comes, and ends its side of the connection. */
const ending = (text: string) => (socket: Socket) => socket.once('data', () => socket.end(text));

/** `kind: error`, the port left out. */
function told(result: InvocationResult): string {
  return 'error' in result ? `${result.kind}: ${result.error.replace(/127\.0\.0\.1:\d+/, '*')}` : result.kind;
}

describe('a function that takes its time is timed_out, and its connection closed:', () => {
  test.each<[string, (socket: Socket) => void]>([
    ['it never reads the request', () => undefined],
    ['it reads and never answers', (socket) => socket.resume()],
    ['it drips headers', drip(HEAD, 'x')],
    ['it drips white space before its answer', drip('', '\r\n')],
    ['it answers less than its Content-Length says', sending(answer('Content-Length: 100', '{}'))],
    [
      'it pours one chunk extension without end',
      pouring(answer('Transfer-Encoding: chunked', '1;'), 'x'.repeat(65_536)),
    ],
    ['it pours a reason phrase without end', pouring('HTTP/1.1 200 ', 'x'.repeat(65_536))],
  ])('%s', async (_what, converse) => {
    const function_ = await setupRaw(converse);
    expect(await function_.invoke({ timeoutMs: 100 })).toEqual({
      kind: 'timed_out',
      httpStatus: null,
      error: 'no complete answer within 0.1 s',
    });
    function_.sockets[0]?.resume();
    await closed(function_.sockets[0]);
  });

  test('it never answers the TLS handshake', async () => {
    const function_ = await setupRaw((socket) => socket.resume());
    const url = `https://127.0.0.1:${function_.port}/`;
    expect(await function_.invoke({ url, timeoutMs: 100 })).toHaveProperty('kind', 'timed_out');
  });
});

describe('a function that sends too much is rejected, and not listened to:', () => {
  const chunk = Buffer.alloc(65_536, ' ');
  const tooLong = /^rejected: expected a JSON object .*; got more than 1 MiB$/;
  const tooManyHeaders = /^rejected: expected at most 16 KiB of headers from \*; got more$/;
  const tooManyAnswers = /^rejected: expected at most 20 informational answers \(1xx\) from \*; got more$/;

  test.each<[string, (socket: Socket) => void, RegExp]>([
    ['1 GB of known length', pouring(answer('Content-Length: 1000000000', ''), chunk), tooLong],
    ['a body without end', pouring(answer('Connection: close', ''), chunk), tooLong],
    [
      'chunks without end',
      pouring(answer('Transfer-Encoding: chunked', ''), '4\r\nabcd\r\n'.repeat(6_000)),
      tooLong,
    ],
    ['headers without end', pouring(HEAD, 'X-More: yes\r\n'.repeat(5_000)), tooManyHeaders],
    ['one header without end', pouring(`${HEAD}X-More: `, 'x'.repeat(65_536)), tooManyHeaders],
    ['1 MB of headers', sending(`${HEAD}${'X-More: yes\r\n'.repeat(80_000)}\r\n`), tooManyHeaders],
    [
      'trailers without end',
      pouring(answer('Transfer-Encoding: chunked', '0\r\n'), 'X-More: yes\r\n'.repeat(5_000)),
      tooManyHeaders,
    ],
    [
      'informational answers without end',
      pouring('', 'HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n'.repeat(2_000)),
      tooManyAnswers,
    ],
  ])('%s', async (_what, converse, expected) => {
    const function_ = await setupRaw(converse);
    expect(told(await function_.invoke())).toMatch(expected);
    const [socket] = function_.sockets;
    await closed(socket);
    // What the two systems had on the way; it would be a gigabyte if it were read.
    expect(socket?.bytesWritten).toBeLessThan(32 * MIB);
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('a bomb as %s, which is not unpacked', async (encoding, pack) => {
    const bomb = pack(Buffer.alloc(4 * MIB, ' '));
    const head = `${HEAD}Content-Encoding: ${encoding}\r\nContent-Length: ${bomb.length}\r\n\r\n`;
    const function_ = await setupRaw(sending(Buffer.concat([Buffer.from(head), bomb])));
    expect(told(await function_.invoke())).toMatch(new RegExp(`; got content encoding ${encoding}$`));
  });

  test('a bomb under an error status, which is not quoted', async () => {
    const bomb = gzipSync(Buffer.alloc(4 * MIB, ' '));
    const head = `HTTP/1.1 500 Oops\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`;
    const function_ = await setupRaw(sending(Buffer.concat([Buffer.from(head), bomb])));
    expect(told(await function_.invoke())).toBe('unavailable: HTTP 500 Internal Server Error');
  });

  test('JSON of half a million levels', async () => {
    const body = `{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}`;
    const function_ = await setupRaw(sending(answer(`Content-Length: ${body.length}`, body)));
    expect(told(await function_.invoke())).toBe('rejected: expected JSON of at most 64 levels; got more');
  });

  test('but 256 KiB in single bytes are an answer like any other', async () => {
    const body = `{"a":"${'x'.repeat(MIB / 4 - 8)}"}`;
    const chunks = body.replaceAll(/./g, '1\r\n$&\r\n');
    const function_ = await setupRaw(sending(answer('Transfer-Encoding: chunked', `${chunks}0\r\n\r\n`)));
    expect(told(await function_.invoke())).toBe('succeeded');
  });
});

describe('a function that breaks the protocol:', () => {
  const noHttp =
    /^rejected: expected an HTTP answer from \*: Response does not match the HTTP\/1\.1 protocol/;
  const wrongLength = /^unavailable: the answer of \* is not as long as its content-length says$/;
  const closedEarly = /^unavailable: connection closed by \* before the answer was complete$/;
  const chunked = (body: string) => sending(answer('Transfer-Encoding: chunked', body));

  test.each<[string, (socket: Socket) => void, RegExp]>([
    ['a negative Content-Length', sending(answer('Content-Length: -2', '{}')), noHttp],
    ['a Content-Length that is no number', sending(answer('Content-Length: two', '{}')), noHttp],
    [
      'a Content-Length beyond all numbers',
      sending(answer(`Content-Length: ${'9'.repeat(30)}`, '{}')),
      wrongLength,
    ],
    [
      'two different Content-Lengths',
      sending(answer('Content-Length: 2\r\nContent-Length: 3', '{}')),
      wrongLength,
    ],
    [
      'the same Content-Length twice',
      sending(answer('Content-Length: 2\r\nContent-Length: 2', '{}')),
      wrongLength,
    ],
    [
      'a Content-Length that is too long, then the end',
      ending(answer('Content-Length: 9', '{}')),
      closedEarly,
    ],
    [
      'a Content-Length that is too long on a last connection, then the end',
      ending(answer('Connection: close\r\nContent-Length: 9', '{}')),
      wrongLength,
    ],
    ['a chunk size that is none', chunked('zz\r\n{}\r\n0\r\n\r\n'), noHttp],
    ['a chunk size beyond all numbers', chunked(`${'f'.repeat(20)}\r\n{}`), noHttp],
    ['a chunk longer than its size', chunked('1\r\n{}\r\n0\r\n\r\n'), noHttp],
    ['chunks that are never ended', ending(answer('Transfer-Encoding: chunked', '2\r\n{}\r\n')), closedEarly],
    ['a header without a name', sending(`${HEAD}: x\r\n\r\n`), noHttp],
    ['a header with a NUL in it', sending(`${HEAD}X-A: a\0b\r\n\r\n`), noHttp],
    ['another protocol', sending('220 mail.example ESMTP\r\n'), noHttp],
    ['HTTP/2', sending('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), noHttp],
    ['zeros', sending(Buffer.alloc(1_000)), noHttp],
    ['the end, before it has said anything', ending(''), closedEarly],
    ['the end, in the middle of its headers', ending(HEAD), closedEarly],
    ['a go-ahead that nobody asked for', sending('HTTP/1.1 100 Continue\r\n\r\n'), closedEarly],
    [
      'another protocol that nobody asked for',
      sending('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
      closedEarly,
    ],
  ])('%s', async (_what, converse, expected) => {
    const function_ = await setupRaw(converse);
    expect(told(await function_.invoke())).toMatch(expected);
    await closed(function_.sockets[0]?.resume());
  });

  test.each<[string, (socket: Socket) => void]>([
    ['ends the TLS handshake in its middle', (socket) => socket.once('data', () => socket.destroy())],
    ['answers the TLS handshake with nonsense', sending(Buffer.alloc(1_000, 7))],
    ['answers the TLS handshake by HTTP', sending(answer('Content-Length: 2', '{}'))],
  ])('%s', async (_what, converse) => {
    const function_ = await setupRaw(converse);
    const result = await function_.invoke({ url: `https://127.0.0.1:${function_.port}/` });
    expect(told(result)).toMatch(/^unavailable: connection (reset by|to) \*/);
  });
});

describe('a function that is only odd succeeds:', () => {
  test('it answers before it has read the request', async () => {
    const function_ = await setupRaw((socket) => socket.pause().write(answer('Content-Length: 2', '{}')));
    expect(told(await function_.invoke({ body: { text: 'x'.repeat(8 * MIB) } }))).toBe('succeeded');
  });

  test('it ends its side of the connection with the answer, whose length it does not say', async () => {
    const function_ = await setupRaw((socket) =>
      socket.once('data', () => socket.end(answer('X-Odd: yes', '{}'))),
    );
    expect(told(await function_.invoke())).toBe('succeeded');
  });

  test('it sends more than its Content-Length says, which no later request takes for its answer', async () => {
    let answers = 0;
    const function_ = await setupRaw((socket) =>
      socket.on('data', () => {
        answers += 1;
        const body = `{"answer":${answers}}`;
        const surplus = answer('Content-Length: 14', '{"answer":"x"}');
        socket.write(answer(`Content-Length: ${body.length}`, body) + surplus);
      }),
    );
    expect(await function_.invoke()).toMatchObject({ kind: 'succeeded', output: { answer: 1 } });
    expect(await function_.invoke()).toMatchObject({ kind: 'succeeded', output: { answer: 2 } });
    expect(function_.sockets).toHaveLength(2);
  });

  test('it sends some informational answers first', async () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(20);
    const function_ = await setupRaw(sending(hints + answer('Content-Length: 2', '{}')));
    expect(told(await function_.invoke())).toBe('succeeded');
  });
});
