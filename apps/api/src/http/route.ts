import type { Actor, ErrorCode, Scope } from '@automation/domain';
import type Joi from 'joi';

import type { ApiDependencies } from '../dependencies.ts';
import type { BodySize } from './read-json-body.ts';
import { readPart } from './read-part.ts';
import type { KeepAnswer, Reply, StreamReply } from './reply.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** On whose behalf something is done, and under which request id it is logged; an `Origin` of changes. */
export interface Caller {
  accountId: string;
  actor: Actor;
  /** Null if they have gone by now. */
  clientAddress: string | null;
  requestId: string;
  /** The W3C header, if they trace what they do. */
  traceparent?: string | undefined;
}

/** What a handler may know of the request beside its parameters. */
export interface Call {
  caller: Caller;
  /** What the caller's credential may do. */
  scopes: readonly Scope[];
  /** The request's path, without its query. */
  path: string;
  ifMatch: string | undefined;
  /** Aborted when the client goes away. */
  signal: AbortSignal;
  /** Null if the request has no Idempotency-Key. */
  keepAnswer: KeepAnswer | null;
}

export interface ResponseSpec {
  description: string;
  schema: Joi.Schema;
}

/** What the router and the OpenAPI document are both made from. */
export interface RouteSpec {
  method: Method;
  /** With parameters as OpenAPI writes them: `/automation/jobs/{id}`. */
  path: string;
  operationId: string;
  tag: string;
  summary: string;
  params?: Joi.ObjectSchema;
  query?: Joi.ObjectSchema;
  body?: Joi.ObjectSchema;
  responses: Record<number, ResponseSpec>;
  /** Those that the route's own steps throw; `errorsOf` adds what every route of its kind can answer. */
  errors: readonly ErrorCode[];
  /** The answer shows a secret that is shown once, so it isn't kept for repeats. */
  showsSecret?: boolean;
}

/** A request's parts before they are checked. */
export interface RawInput {
  params: unknown;
  query: unknown;
  body: unknown;
}

/** A route that an API key with the scope may call. */
export interface ProtectedRoute extends RouteSpec {
  scope: Scope;
  /** Checks a request's parts, and answers what to do with them. Throws VALIDATION_ERROR. */
  prepare(raw: RawInput): (api: ApiDependencies, call: Call) => Promise<Reply>;
}

/** A route that anyone may call. */
export interface PublicRoute extends RouteSpec {
  scope: null;
  /** Asked by what watches the process, and never limited. */
  isProbe: boolean;
  handler(api: ApiDependencies): Promise<Reply>;
}

/** What the handler of a token route may know of the request beside its parameters. */
export interface TokenCall {
  token: string;
  requestId: string;
}

/** A route that needs no API key but a token that was handed out for this one purpose. */
export interface TokenRoute extends RouteSpec {
  scope: null;
  /** The request header that carries the token. */
  tokenHeader: string;
  bodySize: BodySize;
  /** Checks a request's parts, and answers what to do with them. Throws VALIDATION_ERROR. */
  prepare(raw: RawInput): (api: ApiDependencies, call: TokenCall) => Promise<Reply>;
}

/** What the handler of a stream route may know of the request beside its query. */
export interface StreamCall {
  accountId: string;
  /** What the client has seen last of an earlier stream. */
  lastEventId: string | undefined;
  /** Throws once the credential of the request is no longer valid. */
  authorize: () => Promise<unknown>;
}

/** A route whose answer goes on for as long as its client listens, as server-sent events. */
export interface StreamRoute extends RouteSpec {
  scope: Scope;
  isStream: true;
  /** Checks a request's parts, and answers what to do with them. Throws VALIDATION_ERROR. */
  prepare(raw: RawInput): (api: ApiDependencies, call: StreamCall) => Promise<StreamReply>;
}

export type Route = ProtectedRoute | StreamRoute | TokenRoute | PublicRoute;

export interface RouteDefinition<P, Q, B> extends RouteSpec {
  scope: Scope;
  params?: Joi.ObjectSchema<P>;
  query?: Joi.ObjectSchema<Q>;
  body?: Joi.ObjectSchema<B>;
  handler: (api: ApiDependencies, request: Call & { params: P; query: Q; body: B }) => Promise<Reply>;
}

/** Declares a route once; its handler gets the parts of the request as their schemas describe them. */
export function defineRoute<P = undefined, Q = undefined, B = undefined>(
  definition: RouteDefinition<P, Q, B>,
): ProtectedRoute {
  const { handler, ...spec } = definition;
  return {
    ...spec,
    prepare(raw) {
      const params = readPart(definition.params, raw.params, 'params');
      const query = readPart(definition.query, raw.query, 'query');
      const body = readPart(definition.body, raw.body, 'body');
      return (api, call) => handler(api, { ...call, params, query, body });
    },
  };
}

export interface TokenRouteDefinition<P, B> extends RouteSpec {
  tokenHeader: string;
  bodySize: BodySize;
  params?: Joi.ObjectSchema<P>;
  body?: Joi.ObjectSchema<B>;
  handler: (api: ApiDependencies, request: TokenCall & { params: P; body: B }) => Promise<Reply>;
}

/** Declares a route that is opened by a token of its own. */
export function defineTokenRoute<P = undefined, B = undefined>(
  definition: TokenRouteDefinition<P, B>,
): TokenRoute {
  const { handler, ...spec } = definition;
  return {
    ...spec,
    scope: null,
    prepare(raw) {
      const params = readPart(definition.params, raw.params, 'params');
      const body = readPart(definition.body, raw.body, 'body');
      return (api, call) => handler(api, { ...call, params, body });
    },
  };
}

export interface StreamRouteDefinition<Q> extends RouteSpec {
  scope: Scope;
  query?: Joi.ObjectSchema<Q>;
  handler: (api: ApiDependencies, request: StreamCall & { query: Q }) => Promise<StreamReply>;
}

/** Declares a route that answers with a stream. */
export function defineStreamRoute<Q = undefined>(definition: StreamRouteDefinition<Q>): StreamRoute {
  const { handler, ...spec } = definition;
  return {
    ...spec,
    isStream: true,
    prepare(raw) {
      const query = readPart(definition.query, raw.query, 'query');
      return (api, call) => handler(api, { ...call, query });
    },
  };
}

/** Declares a route that needs no API key. */
export function definePublicRoute(definition: Omit<PublicRoute, 'scope'>): PublicRoute {
  return { ...definition, scope: null };
}
