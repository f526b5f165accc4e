import type { RequestHandler } from 'express';

import type { Limits } from './limits.ts';

/** Counts the requests for files by the address that they come from, before anything is read. */
export function limitFiles(requests: Pick<Limits['requests'], 'ofFile'>): RequestHandler {
  return async (request, response, next) => {
    await requests.ofFile({ request, response });
    next();
  };
}
