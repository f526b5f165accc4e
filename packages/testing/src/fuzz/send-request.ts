import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { type FuzzAnswer, readAnswer } from './fuzz-answer.ts';
import { type FuzzRequest, type Wire, wireOf } from './fuzz-request.ts';

/** Longer than an api takes for anything, however busy the machine is. */
const ANSWER_TIMEOUT_MS = 10_000;

/** Why there is no answer. */
export interface NoAnswer {
  why: string;
}

/** Sends a request over a connection of its own, byte by byte as it is, and waits for what comes back. */
export function sendRequest(url: string, request: FuzzRequest): Promise<FuzzAnswer | NoAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const isHead = request.method === 'HEAD';
  let received: Buffer = Buffer.alloc(0);
  return new Promise((resolve) => {
    const finish = (result: FuzzAnswer | NoAnswer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(
      () => finish({ why: `no answer within ${ANSWER_TIMEOUT_MS} ms` }),
      ANSWER_TIMEOUT_MS,
    );
    const end = () =>
      finish(readAnswer(received, { isHead, isOver: true }) ?? { why: 'closed without an answer' });
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const answer = readAnswer(received, { isHead, isOver: false });
      if (answer !== null) finish(answer);
    });
    socket.on('end', end);
    socket.on('close', end);
    // 'close' follows, and what was received before counts.
    socket.on('error', () => undefined);
    void write(socket, wireOf(request));
  });
}

async function write(socket: Socket, { pieces, pauseMs, endsEarly }: Wire): Promise<void> {
  for (const piece of pieces) {
    if (!socket.writable) return;
    socket.write(piece);
    if (pauseMs > 0) await delay(pauseMs);
  }
  if (endsEarly) socket.end();
}
