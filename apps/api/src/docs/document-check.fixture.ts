import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import request, { type Response } from 'supertest';

interface Operation {
  operationId: string;
  security: unknown[];
  description?: string;
  requestBody?: unknown;
  parameters: { name: string; in: string; required: boolean }[];
  responses: Record<string, { description: string }>;
}

interface OpenApi extends Record<string, unknown> {
  paths: Record<string, Record<string, Operation>>;
}

export interface DocumentedOperation extends Operation {
  method: string;
  path: string;
}

/** The OpenAPI document of a running api, and whether answers are as it says. */
export interface DocumentCheck {
  json: OpenApi;
  operations: DocumentedOperation[];
  /** Throws if the document doesn't know the status of an answer, or describes another body, sent or answered. */
  check(response: Response): void;
}

export async function documentOf(url: string): Promise<DocumentCheck> {
  const { text } = await request(url).get('/openapi.json').expect(200);
  const json = readDocument(text);
  // Most schemas judge a few answers: to compile them fast is worth more than what comes of it.
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    inlineRefs: false,
    validateSchema: false,
    code: { optimize: false },
  });
  addFormats.default(ajv);
  ajv.addSchema(json, 'openapi');
  const operations = operationsOf(json.paths);
  const requireMatch = (what: string, value: unknown, steps: readonly string[]): void => {
    const pointer = steps.map(escape).join('/');
    const validate = ajv.getSchema(`openapi#/paths/${pointer}/content/application~1json/schema`);
    if (validate === undefined) throw new Error(`${what}: the document has no schema of it`);
    if (validate(value) === true) return;
    throw new Error(`${what}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(value)}`);
  };
  return {
    json,
    operations,
    check(response) {
      const { method, url: address, body } = requestOf(response);
      const operation = findOperation(operations, method, new URL(address).pathname);
      if (operation === undefined) return;
      const { path } = operation;
      const { status } = response;
      const steps = [path, operation.method];
      if (operation.responses[status] === undefined) {
        throw new Error(`${method} ${path} answered ${status}: ${response.text}, which is not documented`);
      }
      requireMatch(`${method} ${path} ${status}`, response.body, [...steps, 'responses', String(status)]);
      if (status < 300 && operation.requestBody !== undefined && body !== undefined) {
        requireMatch(`${method} ${path} took`, body, [...steps, 'requestBody']);
      }
    },
  };
}

function readDocument(text: string): OpenApi {
  const json: unknown = JSON.parse(text);
  if (!isOpenApi(json)) throw new Error('no OpenAPI document');
  return json;
}

function isOpenApi(json: unknown): json is OpenApi {
  return typeof json === 'object' && json !== null && 'openapi' in json && 'paths' in json;
}

/** supertest keeps the request that it sent, and what it was made from, beside the answer. */
function requestOf(response: Response): { method: string; url: string; body: unknown } {
  const sent: unknown = Reflect.get(response, 'req');
  const of = (name: string) => String(Reflect.get(Object(sent), name));
  return {
    method: of('method'),
    url: `${of('protocol')}//${of('host')}${of('path')}`,
    body: Reflect.get(response.request, '_data'),
  };
}

function operationsOf(paths: Record<string, Record<string, Operation>>): DocumentedOperation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method, path })),
  );
}

function findOperation(operations: readonly DocumentedOperation[], method: string, path: string) {
  return operations.find(
    (operation) =>
      operation.method === method.toLowerCase() &&
      new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
}

/** A step of a JSON pointer, in the fragment of a URI. */
function escape(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}
