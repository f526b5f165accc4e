import { createServer } from 'node:http';

import {
  type FunctionServerRequest,
  type FunctionServerStats,
  isFunctionServerRequest,
} from './function-server-message.ts';

/**
 * A function as cheap as node:http makes it, in a process of its own: it reads the body, says yes to every check, and
 * notes how late each check came. `?delay=50` in its URL makes it slow.
 */
const answers = { check: Buffer.from('{"shouldPerform":true}'), perform: Buffer.from('{"done":true}') };
let checks = 0;
let performs = 0;
let lastPerformAt = 0;
let lags: number[] = [];

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const receivedAt = performance.timeOrigin + performance.now();
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    const isCheck = Reflect.get(Object(body), 'phase') === 'check';
    if (isCheck) {
      checks += 1;
      lags.push(receivedAt - Date.parse(String(request.headers['x-automation-scheduled-for'])));
    } else {
      performs += 1;
      lastPerformAt = receivedAt;
    }
    const answer = isCheck ? answers.check : answers.perform;
    const delayMs = Number(new URLSearchParams(request.url?.split('?')[1]).get('delay') ?? 0);
    const reply = () => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
      response.end(answer);
    };
    if (delayMs > 0) setTimeout(reply, delayMs);
    else reply();
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  process.send?.({ port: address.port });
});

process.on('message', (message: unknown) => {
  if (!isFunctionServerRequest(message)) return;
  const requests: Record<FunctionServerRequest, () => FunctionServerStats> = {
    stats: () => ({ checks, performs, lastPerformAt, lags: [] }),
    take: () => {
      const taken = { checks, performs, lastPerformAt, lags };
      checks = 0;
      performs = 0;
      lastPerformAt = 0;
      lags = [];
      return taken;
    },
  };
  process.send?.(requests[message]());
});
process.on('disconnect', () => process.exit());
