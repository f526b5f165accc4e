import { isDeepStrictEqual } from 'node:util';

import { isJsonObject, type JsonObject, type JsonValue } from '@automation/domain';
import type Joi from 'joi';

import type { Route } from '../http/route.ts';

const TARGET = 'draft-2020-12';

/** The JSON Schema of a joi schema. */
export function jsonSchema(schema: Joi.Schema): JsonObject {
  const json = schema['~standard'].jsonSchema.input({ target: TARGET });
  if (!isJsonObject(json)) throw new Error('joi answered no JSON Schema');
  const { $defs: _inlinedAlready, ...rest } = json;
  return rest;
}

/** The schemas that have an id, by it: the components of the OpenAPI document. */
export function namedSchemas(routes: readonly Route[]): Map<string, JsonObject> {
  const named = new Map<string, JsonObject>();
  for (const route of routes) {
    const responses = Object.values(route.responses).map(({ schema }) => schema);
    for (const schema of [route.body, ...responses]) {
      const id: unknown = schema?._flags['id'];
      if (schema !== undefined && typeof id === 'string') named.set(id, jsonSchema(schema));
    }
  }
  return named;
}

/** The same JSON with a reference wherever one of the components is written out. */
export function withReferences(json: JsonValue, components: ReadonlyMap<string, JsonObject>): JsonValue {
  if (Array.isArray(json)) return json.map((item) => withReferences(item, components));
  if (!isJsonObject(json)) return json;
  for (const [id, component] of components) {
    if (isDeepStrictEqual(json, component)) return { $ref: `#/components/schemas/${id}` };
  }
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, withReferences(value, components)]),
  );
}
