import Joi from 'joi';

import { ok } from '../http/reply.ts';
import { definePublicRoute, type Route } from '../http/route.ts';
import { openApiDocument } from './openapi-document.ts';

/** GET /openapi.json: the document of the given routes, and of this one. */
export function openApiRoute(routes: readonly Route[]): Route {
  const route = definePublicRoute({
    method: 'get',
    path: '/openapi.json',
    operationId: 'openapi',
    tag: 'Service',
    isProbe: false,
    summary: 'This document.',
    responses: { 200: { description: 'An OpenAPI 3.1 document.', schema: Joi.object().unknown() } },
    errors: [],
    handler: async () => ok(document),
  });
  const document = openApiDocument([...routes, route]);
  return route;
}
