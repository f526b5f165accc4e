import type { JsonObject } from '@automation/domain';
import Joi from 'joi';

import { ok } from '../http/reply.ts';
import { definePublicRoute, type Route } from '../http/route.ts';
import { openApiDocument } from './openapi-document.ts';

/**
 * GET /openapi.json: the document of the given routes, and of this one. It is made when somebody first asks for it, so that
 * a start need not wait for it.
 */
export function openApiRoute(routes: readonly Route[]): Route {
  let document: JsonObject | null = null;
  const route = definePublicRoute({
    method: 'get',
    path: '/openapi.json',
    operationId: 'openapi',
    tag: 'Service',
    isProbe: false,
    summary: 'This document.',
    responses: { 200: { description: 'An OpenAPI 3.1 document.', schema: Joi.object().unknown() } },
    errors: [],
    handler: async () => ok((document ??= openApiDocument([...routes, route]))),
  });
  return route;
}
