import type { Request, RequestHandler, Response } from 'express';

import { authenticate } from '../auth/authenticate.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { runOnce } from './idempotency.ts';
import { readJsonBody } from './read-json-body.ts';
import type { Reply } from './reply.ts';
import { requestIdOf } from './request-id.ts';
import type { Call, Caller, ProtectedRoute, Route } from './route.ts';
import { sendReply } from './send-reply.ts';

/** The way of every request: who is it, what do they want, is it well-formed, do it, answer. */
export function serveRoute(route: Route, api: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const reply =
      route.scope === null
        ? await route.handler(api)
        : await serveProtected(route, api, { request, response });
    sendReply(response, reply);
  };
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
  const { accountId } = await authenticate(api.store.db, request.headers, route.scope);
  const body = route.body && (await readJsonBody(request, response));
  const perform = route.prepare({ params: request.params, query: request.query, body });
  const call = callOf({ request, response }, { accountId, requestId: requestIdOf(request) });
  const key = request.get('Idempotency-Key');
  if (route.method !== 'post' || key === undefined) return perform(api, call);
  const { caller, path } = call;
  const showsSecret = route.showsSecret === true;
  return runOnce(api, { key, caller, method: route.method, path, body, showsSecret }, () =>
    perform(api, call),
  );
}

function callOf({ request, response }: Exchange, caller: Caller): Call {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return { caller, path: request.path, ifMatch: request.get('If-Match'), signal: gone.signal };
}
