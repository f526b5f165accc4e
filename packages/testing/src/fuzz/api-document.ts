/** What is read of a JSON Schema. */
export interface JsonSchema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
}

/** An operation of an OpenAPI document. */
export interface ApiOperation {
  method: string;
  path: string;
  query: { name: string; schema: JsonSchema }[];
  /** Of an object. */
  body: JsonSchema | null;
}

interface RawOperation {
  parameters?: { name: string; in: string; schema?: JsonSchema }[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
}

interface RawDocument {
  paths: Record<string, Record<string, RawOperation>>;
  components?: { schemas?: Record<string, JsonSchema> };
}

/** The operations of the api's document at `/openapi.json`, with every reference resolved. */
export async function readOperations(url: string): Promise<ApiOperation[]> {
  const response = await fetch(`${url}/openapi.json`);
  const json: unknown = await response.json();
  if (!isDocument(json)) throw new Error(`no OpenAPI document at ${url}/openapi.json`);
  const schemas = json.components?.schemas ?? {};
  return Object.entries(json.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
      const body = requestBody?.content['application/json']?.schema;
      return {
        method: method.toUpperCase(),
        path,
        query: parameters
          .filter((parameter) => parameter.in === 'query')
          .map(({ name, schema = {} }) => ({ name, schema: resolved(schema, schemas) })),
        body: body === undefined ? null : resolved(body, schemas),
      };
    }),
  );
}

function isDocument(json: unknown): json is RawDocument {
  return typeof json === 'object' && json !== null && 'paths' in json;
}

/** The schema without references; none of ours refers to itself. */
function resolved(schema: JsonSchema, schemas: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    if ('$ref' in value) return resolve(schemas[String(value.$ref).split('/').at(-1) ?? '']);
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolve(entry)]));
  };
  const result = resolve(schema);
  return typeof result === 'object' && result !== null ? result : {};
}
