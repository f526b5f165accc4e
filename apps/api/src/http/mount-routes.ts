import { type RequestHandler, Router } from 'express';

import type { ApiDependencies } from '../dependencies.ts';
import { errorReply } from './error-reply.ts';
import { requestIdOf } from './request-id.ts';
import { nameRoute } from './route-name.ts';
import type { Route } from './route.ts';
import { sendReply } from './send-reply.ts';
import { serveRoute } from './serve-route.ts';

/** The Express router of a table of routes. Other methods on a known path are 405 with `Allow`; OPTIONS answers it. */
export function mountRoutes(routes: readonly Route[], api: ApiDependencies): Router {
  const router = Router({ caseSensitive: true });
  for (const [path, siblings] of byPath(routes)) {
    const entry = router.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    entry.all(nameRoute(path));
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
    if (request.method === 'OPTIONS') {
      response.status(204).end();
      return;
    }
    const message = `${request.method} ${request.path} is not allowed, only ${allow} are`;
    sendReply(response, errorReply({ code: 'METHOD_NOT_ALLOWED', message }, requestIdOf(request)));
  };
}
