import type { RequestHandler, Response } from 'express';

const KEY = 'routeName';

/** Notes which route a request has come to, by a name that has none of the request's values. */
export function nameRoute(name: string): RequestHandler {
  return (_request, response, next) => {
    response.locals[KEY] = name;
    next();
  };
}

/** The name of the route that the request has come to; `unmatched` if there is none. */
export function routeNameOf(response: Response): string {
  const name: unknown = response.locals[KEY];
  return typeof name === 'string' ? name : 'unmatched';
}
