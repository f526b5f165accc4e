import type { RequestHandler } from 'express';

import type { ApiMetrics } from '../metrics.ts';
import { routeNameOf } from './route-name.ts';

/** Those with series of their own; HTTP has dozens of others, which anybody may send. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** nginx's status for a client that has gone before it was answered. */
const CLIENT_CLOSED_REQUEST = 499;

/** Measures each request, until it is answered or its client has gone. */
export function measureRequests(metrics: Pick<ApiMetrics, 'requestAnswered'>): RequestHandler {
  return ({ method }, response, next) => {
    const startedAt = performance.now();
    response.once('close', () => {
      metrics.requestAnswered({
        method: METHODS.has(method) ? method : 'other',
        route: routeNameOf(response),
        status: response.writableFinished ? response.statusCode : CLIENT_CLOSED_REQUEST,
        seconds: (performance.now() - startedAt) / 1_000,
      });
    });
    next();
  };
}
