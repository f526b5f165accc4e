import { randomUUID } from 'node:crypto';

import type { Request, RequestHandler } from 'express';

const TOKEN = /^[A-Za-z0-9._-]{1,128}$/;
const HEADER = 'X-Request-Id';

/** Takes the caller's X-Request-Id if it is a sane token, else makes one up, and answers it on every response (SPEC 5). */
export const assignRequestId: RequestHandler = (request, response, next) => {
  const given = request.get(HEADER) ?? '';
  const id = TOKEN.test(given) ? given : randomUUID();
  request.headers['x-request-id'] = id;
  response.set(HEADER, id);
  next();
};

/** The id that `assignRequestId` gave the request. */
export function requestIdOf(request: Request): string {
  return request.get(HEADER) ?? '';
}
