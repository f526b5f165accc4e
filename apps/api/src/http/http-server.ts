import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  maxHeaderSize,
  type Server,
  type ServerOptions,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { Duplex } from 'node:stream';

import type { AnswerCode } from './error-kinds.ts';
import { errorReply } from './error-reply.ts';

/** What a client may take to send a request: a connection that only drips is not kept for long. */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 };

interface Fault {
  code: AnswerCode;
  message: string;
}

/** By the codes of Node's errors. */
const FAULTS: Readonly<Record<string, Fault>> = {
  HPE_HEADER_OVERFLOW: {
    code: 'HEADERS_TOO_LARGE',
    message: `the headers are larger than ${maxHeaderSize / 1_024} KiB`,
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { code: 'PAYLOAD_TOO_LARGE', message: 'the chunk extensions are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'REQUEST_TIMEOUT', message: 'the request took too long to arrive' },
};
const MALFORMED: Fault = { code: 'VALIDATION_ERROR', message: 'the request is not valid HTTP' };
const FAILED: Fault = { code: 'INTERNAL', message: 'internal error' };
const CONNECT: Fault = { code: 'VALIDATION_ERROR', message: 'CONNECT is for proxies, and this is none' };

/** An Express app, which leaves to `next` what it can do nothing with: a target that is no URL, or its own failure to answer. */
type App = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => unknown;

/**
 * The HTTP server of an app. What never becomes a request of the app is refused here, in the form of every error (SPEC 5):
 * Node by itself would answer it without a body.
 */
export function createHttpServer(app: App, timeouts: ServerOptions = TIMEOUTS): Server {
  const server = createServer({ ...timeouts, requireHostHeader: false }, (request, response) =>
    app(request, response, (error) => refuse(request.socket, error === undefined ? MALFORMED : FAILED)),
  );
  const responses = new WeakMap<Duplex, ServerResponse>();
  server.on('request', ({ socket }, response) => responses.set(socket, response));
  // An expectation that nobody knows may be ignored (RFC 9110 10.1.1).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('connect', (_request, socket) => refuse(socket, CONNECT));
  server.on('clientError', (error, socket) => {
    if (socket.writable && !isBeingAnswered(responses.get(socket))) refuse(socket, faultOf(error));
    else socket.destroy();
  });
  return server;
}

/** Whether another answer would end up in the middle of this one. */
function isBeingAnswered(response: ServerResponse | undefined): boolean {
  return response !== undefined && response.headersSent && !response.writableFinished;
}

function faultOf(error: Error): Fault {
  return ('code' in error ? FAULTS[String(error.code)] : undefined) ?? MALFORMED;
}

/** Answers on a socket for which there is no response to write to. */
function refuse(socket: Duplex, fault: Fault): void {
  const requestId = randomUUID();
  const { status, body } = errorReply(fault, requestId);
  const json = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(json)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${json}`, () => socket.destroy());
}
