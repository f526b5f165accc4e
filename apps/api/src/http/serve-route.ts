import { AppError } from '@automation/domain';
import type { Request, RequestHandler, Response } from 'express';

import { authenticate } from '../auth/authenticate.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { runOnce } from './idempotency.ts';
import { readJsonBody } from './read-json-body.ts';
import type { Reply } from './reply.ts';
import { requestIdOf } from './request-id.ts';
import type { Call, Caller, ProtectedRoute, Route, TokenRoute } from './route.ts';
import { sendReply } from './send-reply.ts';

/** The way of every request: who is it, what do they want, is it well-formed, do it, answer. */
export function serveRoute(route: Route, api: ApiDependencies): RequestHandler {
  return async (request, response) => {
    sendReply(response, await serve(route, api, { request, response }));
  };
}

async function serve(route: Route, api: ApiDependencies, exchange: Exchange): Promise<Reply> {
  if (route.scope === null && !('tokenHeader' in route)) return route.handler(api);
  // Waiting for a database that doesn't answer would tie the client up, and tell it nothing more.
  if (api.outage.isDown) throw new AppError('UNAVAILABLE', 'the database is not available, try again');
  return route.scope !== null ? serveProtected(route, api, exchange) : serveByToken(route, api, exchange);
}

interface Exchange {
  request: Request;
  response: Response;
}

async function serveProtected(
  route: ProtectedRoute,
  api: ApiDependencies,
  { request, response }: Exchange,
): Promise<Reply> {
  const { accountId } = await authenticate(api.keys, request.headers, route.scope);
  requireStorable(request.params);
  const body = route.body && (await readJsonBody(request, response));
  const perform = route.prepare({ params: request.params, query: request.query, body });
  const call = callOf(
    { request, response },
    {
      accountId,
      requestId: requestIdOf(request),
      traceparent: request.get('traceparent'),
    },
  );
  const key = request.get('Idempotency-Key');
  if (route.method !== 'post' || key === undefined) return perform(api, call);
  const { caller, path } = call;
  const showsSecret = route.showsSecret === true;
  return runOnce(api, { key, caller, method: route.method, path, body, showsSecret }, (keepAnswer) =>
    perform(api, { ...call, keepAnswer }),
  );
}

async function serveByToken(
  route: TokenRoute,
  api: ApiDependencies,
  { request, response }: Exchange,
): Promise<Reply> {
  const token = request.get(route.tokenHeader);
  if (token === undefined) throw new AppError('UNAUTHORIZED', `missing ${route.tokenHeader}`);
  requireStorable(request.params);
  const body = route.body && (await readJsonBody(request, response, route.bodySize));
  const perform = route.prepare({ params: request.params, query: request.query, body });
  return perform(api, { token, requestId: requestIdOf(request) });
}

/** PostgreSQL has no text with NUL, so an id with one names nothing. */
function requireStorable(params: object): void {
  if (Object.values(params).some((id) => String(id).includes('\0'))) {
    throw new AppError('NOT_FOUND', 'path not found');
  }
}

const keepNothing = async () => undefined;

function callOf({ request, response }: Exchange, caller: Caller): Call {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return {
    caller,
    path: request.path,
    ifMatch: request.get('If-Match'),
    signal: gone.signal,
    keepAnswer: keepNothing,
  };
}
