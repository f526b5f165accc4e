import type { Response } from 'express';

import type { Reply, StreamReply } from './reply.ts';

/**
 * Writes an answer. Not by `response.json`, which would turn a GET with If-None-Match into a 304: our ETag is the version
 * of the definition, and a job's counters and instants change without it.
 */
export function sendReply(response: Response, reply: Reply | StreamReply): void {
  if ('stream' in reply) {
    reply.stream(response);
    return;
  }
  const { status, body, headers = {} } = reply;
  response
    .status(status)
    .set({ 'Cache-Control': 'no-store', ...headers })
    .type('application/json')
    .end(JSON.stringify(body));
}
