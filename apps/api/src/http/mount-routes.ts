import { AppError } from '@automation/domain';
import { type RequestHandler, Router } from 'express';

import type { ApiDependencies } from '../dependencies.ts';
import type { Route } from './route.ts';
import { serveRoute } from './serve-route.ts';

/** The Express router of a table of routes. Other methods on a known path are 404 with `Allow`; OPTIONS answers it. */
export function mountRoutes(routes: readonly Route[], api: ApiDependencies): Router {
  const router = Router({ caseSensitive: true });
  for (const [path, siblings] of byPath(routes)) {
    const entry = router.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    for (const route of siblings) entry[route.method](serveRoute(route, api));
    entry.all(otherMethod(allowOf(siblings)));
  }
  return router;
}

function byPath(routes: readonly Route[]): Map<string, Route[]> {
  return Map.groupBy(routes, ({ path }) => path);
}

function allowOf(routes: readonly Route[]): string {
  const methods = routes.map(({ method }) => method.toUpperCase());
  return [...(methods.includes('GET') ? ['HEAD'] : []), ...methods, 'OPTIONS'].join(', ');
}

function otherMethod(allow: string): RequestHandler {
  return (request, response) => {
    response.set('Allow', allow);
    if (request.method !== 'OPTIONS') {
      throw new AppError('NOT_FOUND', `${request.method} ${request.path} not found`);
    }
    response.status(204).end();
  };
}
