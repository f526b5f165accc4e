import { createServer, type RequestListener, type ServerResponse } from 'node:http';

import express, { type Response } from 'express';

import { isBareKind, type BareKind } from './bare-server.ts';

/** What any api in Node costs at the least: JSON is read, and the same answer is written, whatever is asked. */
const [, , kind, size] = process.argv;
const answer = JSON.stringify({ x: 'x'.repeat(Number(size) - '{"x":""}'.length) });

const listeners: Record<BareKind, () => RequestListener> = { 'node:http': onNode, express: onExpress };

function onNode(): RequestListener {
  return (request, response) => {
    if (request.method === 'GET') {
      write(response, 200);
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      JSON.parse(Buffer.concat(chunks).toString());
      write(response, 201);
    });
  };
}

function write(response: ServerResponse, status: number): void {
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(answer) })
    .end(answer);
}

function onExpress(): RequestListener {
  const app = express();
  app.get('/automation/jobs/:id', (_request, response) => reply(response, 200));
  app.post('/automation/jobs', express.json(), (_request, response) => reply(response, 201));
  return app;
}

function reply(response: Response, status: number): void {
  response.status(status).type('application/json').end(answer);
}

if (!isBareKind(kind)) throw new Error(`there is no bare server of the kind ${kind}`);
const server = createServer({ keepAliveTimeout: 60_000 }, listeners[kind]());
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  process.send?.({ port: address.port });
});
process.on('disconnect', () => process.exit());
