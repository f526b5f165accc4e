import { type Actor, AppError } from '@automation/domain';
import type { RequestHandler } from 'express';

import { authenticate } from '../auth/authenticate.ts';
import type { Identity } from '../auth/identity.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Exchange } from '../limits/request-limits.ts';
import { clientAddressOf } from './client-address.ts';
import { runOnce } from './idempotency.ts';
import { readJsonBody } from './read-json-body.ts';
import type { Reply, StreamReply } from './reply.ts';
import { requestIdOf } from './request-id.ts';
import type { Call, Caller, ProtectedRoute, PublicRoute, Route, StreamRoute, TokenRoute } from './route.ts';
import { sendReply } from './send-reply.ts';

/** The way of every request: who is it, what do they want, is it well-formed, do it, answer. */
export function serveRoute(route: Route, api: ApiDependencies): RequestHandler {
  return async (request, response) => {
    sendReply(response, await serve(route, api, { request, response }));
  };
}

async function serve(route: Route, api: ApiDependencies, exchange: Exchange): Promise<Reply | StreamReply> {
  if (route.scope === null && !('tokenHeader' in route)) return servePublic(route, api, exchange);
  // Waiting for a database that doesn't answer would tie the client up, and tell it nothing more.
  if (api.outage.isDown) throw new AppError('UNAVAILABLE', 'the database is not available, try again');
  const { requests } = api.limits;
  return requests.underWay<Reply | StreamReply>(() =>
    route.scope !== null
      ? serveProtected(route, api, exchange)
      : requests.ofToken(exchange, () => serveByToken(route, api, exchange)),
  );
}

async function servePublic(route: PublicRoute, api: ApiDependencies, exchange: Exchange): Promise<Reply> {
  if (!route.isProbe) await api.limits.requests.ofVisitor(exchange);
  return route.handler(api);
}

async function serveProtected(
  route: ProtectedRoute | StreamRoute,
  api: ApiDependencies,
  exchange: Exchange,
): Promise<Reply | StreamReply> {
  const { requests } = api.limits;
  const identity = await requests.authenticating(exchange, () =>
    authenticate(api, exchange.request.headers, route.scope),
  );
  return requests.ofAccount<Reply | StreamReply>(identity.accountId, exchange.response, () =>
    'isStream' in route
      ? serveStream(route, api, { ...exchange, identity })
      : serveIdentified(route, api, { ...exchange, identity }),
  );
}

/** What is limited of a stream is its beginning; how many may go on is for the streams themselves to say. */
async function serveStream(
  route: StreamRoute,
  api: ApiDependencies,
  { request, identity: { accountId } }: Exchange & { identity: Identity },
): Promise<StreamReply> {
  const open = route.prepare({ params: request.params, query: request.query, body: undefined });
  const authorize = () => authenticate(api, request.headers, route.scope);
  return open(api, { accountId, lastEventId: request.get('Last-Event-ID'), authorize });
}

async function serveIdentified(
  route: ProtectedRoute,
  api: ApiDependencies,
  { request, response, identity: { accountId, actor, scopes } }: Exchange & { identity: Identity },
): Promise<Reply> {
  const named = namingSubject(api, actor);
  requireStorable(request.params);
  if (route.method !== 'get' && route.method !== 'delete') {
    await api.limits.requests.ofChange(accountId, { request, response });
  }
  const body = route.body && (await readJsonBody(request, response));
  const perform = route.prepare({ params: request.params, query: request.query, body });
  const caller: Caller = {
    accountId,
    actor,
    clientAddress: clientAddressOf(request),
    requestId: requestIdOf(request),
    traceparent: request.get('traceparent'),
  };
  const call = callOf({ request, response }, { caller, scopes });
  const key = request.get('Idempotency-Key');
  if (route.method !== 'post' || key === undefined) return perform(named, call);
  const { path } = call;
  const showsSecret = route.showsSecret === true;
  return runOnce(named, { key, caller, method: route.method, path, body, showsSecret }, (keepAnswer) =>
    perform(named, { ...call, keepAnswer }),
  );
}

/** All that a token's request has logged names its subject. */
function namingSubject(api: ApiDependencies, { kind, id }: Actor): ApiDependencies {
  return kind === 'jwt' ? { ...api, logger: api.logger.child({ subject: id }) } : api;
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

function callOf({ request, response }: Exchange, by: Pick<Call, 'caller' | 'scopes'>): Call {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return {
    ...by,
    path: request.path,
    ifMatch: request.get('If-Match'),
    signal: gone.signal,
    keepAnswer: null,
  };
}
