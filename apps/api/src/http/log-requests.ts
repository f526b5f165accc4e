import type { Logger } from '@automation/service-kit';
import type { RequestHandler } from 'express';

import { requestIdOf } from './request-id.ts';

/** One DEBUG line per request, once it is answered or its client has gone. */
export function logRequests(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.once('close', () => {
      logger.debug(response.writableFinished ? 'request answered' : 'request abandoned', {
        method: request.method,
        path: request.path,
        status: response.statusCode,
        duration_ms: Math.round(performance.now() - startedAt),
        request_id: requestIdOf(request),
      });
    });
    next();
  };
}
