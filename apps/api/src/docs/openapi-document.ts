import { isJsonObject, type JsonObject, type JsonValue } from '@automation/domain';
import type Joi from 'joi';

import { ERROR_KINDS } from '../http/error-kinds.ts';
import type { Route } from '../http/route.ts';
import { MANIFEST } from '../service/manifest.ts';
import { COMPLETION_TOKEN_HEADER } from '../executions/completion-token.ts';
import { LIMIT_HEADERS, limitHeadersOf } from './answer-headers.ts';
import { errorSchema } from './error-schema.ts';
import { errorsOf, takesIdempotencyKey, takesIfMatch } from './errors-of.ts';
import { jsonSchema, namedSchemas, withReferences } from './json-schema.ts';

const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key, or a JWT if the service takes those of an issuer.',
  },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
  completionToken: {
    type: 'apiKey',
    in: 'header',
    name: COMPLETION_TOKEN_HEADER,
    description: 'What the function got in the same header with the request that it completes.',
  },
};

/** The OpenAPI 3.1 document, made from what the router and the validation work with. */
export function openApiDocument(routes: readonly Route[]): JsonObject {
  const components = namedSchemas(routes).set('Error', jsonSchema(errorSchema));
  const paths = Map.groupBy(routes, ({ path }) => path);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Automation service',
      version: MANIFEST.version,
      description: 'Jobs whose HTTP functions are asked on schedule whether to act, and then told to act.',
    },
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: Object.fromEntries(
      [...paths].map(([path, siblings]) => [
        path,
        Object.fromEntries(
          siblings.map((route) => [route.method, withReferences(operation(route), components)]),
        ),
      ]),
    ),
    components: {
      schemas: Object.fromEntries(components),
      headers: LIMIT_HEADERS,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

function operation(route: Route): JsonObject {
  const { operationId, tag, summary, body } = route;
  return {
    operationId,
    tags: [tag],
    summary,
    ...descriptionOf(route),
    security: securityOf(route),
    parameters: [
      ...parametersOf(route.params, 'path'),
      ...parametersOf(route.query, 'query'),
      ...headersOf(route),
    ],
    ...(body === undefined
      ? {}
      : { requestBody: { required: hasRequired(body), ...content(jsonSchema(body)) } }),
    responses: { ...successes(route), ...failures(route) },
  };
}

function descriptionOf(route: Route): JsonObject {
  if (route.scope !== null)
    return { description: `Needs an API key or a token with the scope \`${route.scope}\`.` };
  return 'tokenHeader' in route ? { description: 'Needs the completion token of the attempt.' } : {};
}

function securityOf(route: Route): JsonObject[] {
  if (route.scope !== null) return [{ bearer: [route.scope] }, { apiKey: [route.scope] }];
  return 'tokenHeader' in route ? [{ completionToken: [] }] : [];
}

function parametersOf(schema: Joi.ObjectSchema | undefined, place: 'path' | 'query'): JsonObject[] {
  if (schema === undefined) return [];
  const { properties, required } = jsonSchema(schema);
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: Array.isArray(required) && required.includes(name),
    schema: property,
  }));
}

function headersOf(route: Route): JsonObject[] {
  return [
    ...(takesIdempotencyKey(route)
      ? [
          header(
            'Idempotency-Key',
            'Makes a repeat of the request answer the first response again, for 24 h.',
          ),
        ]
      : []),
    ...(takesIfMatch(route) ? [header('If-Match', 'The `ETag` of the job as the client has seen it.')] : []),
    ...('isStream' in route
      ? [header('Last-Event-ID', 'Id of the last event that the client has seen.')]
      : []),
  ];
}

function header(name: string, description: string): JsonObject {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } };
}

function hasRequired(body: Joi.ObjectSchema): boolean {
  return jsonSchema(body)['required'] !== undefined;
}

function successes(route: Route): JsonObject {
  const mediaType = 'isStream' in route ? 'text/event-stream' : 'application/json';
  return Object.fromEntries(
    Object.entries(route.responses).map(([status, { description, schema }]) => [
      status,
      { description, ...limitHeadersOf(route, Number(status)), ...content(jsonSchema(schema), mediaType) },
    ]),
  );
}

/** Several codes share a status only if their kinds do. */
function failures(route: Route): JsonObject {
  const byStatus = Map.groupBy(errorsOf(route), (code) => ERROR_KINDS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: `\`${codes.join('`, `')}\``,
        ...limitHeadersOf(route, status),
        ...content(jsonSchema(errorSchema)),
      },
    ]),
  );
}

function content(schema: JsonValue, mediaType = 'application/json'): JsonObject {
  return { content: { [mediaType]: { schema } } };
}
