import { fileURLToPath } from 'node:url';

import type { FuzzAnswer } from './fuzz-answer.ts';
import type { FuzzRequest } from './fuzz-request.ts';
import type { NoAnswer } from './send-request.ts';

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));

/** What no answer may show of the inside. No hostile text looks like it. */
const INTERNALS: Readonly<Record<string, RegExp>> = {
  'a stack': /\n\s+at .+:\d+/,
  'a source file': /node:internal|node_modules|\.[cm]?[jt]s:\d+/,
  'a path of the server': new RegExp(RegExp.escape(REPOSITORY)),
  'a statement':
    /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\b[^]*\b(?:automation_|api_keys|functions|accounts)/,
  'an error of PostgreSQL':
    /invalid input syntax|violates \w+|duplicate key value|syntax error at|does not exist|deadlock detected|out of range for type/,
  'an error of JavaScript': /is not a function|Cannot (?:read|convert|set)|is not iterable|is not defined/,
};

const ERROR_FIELDS = new Set(['error', 'message', 'code', 'details', 'request_id']);

/** What is wrong with what came back for a request (SPEC 5). Without an outage and without limits nothing is 5xx. */
export function faultsOf(request: FuzzRequest, answer: FuzzAnswer | NoAnswer): string[] {
  if ('why' in answer) return [answer.why];
  const { status, headers } = answer;
  const isJson = headers.get('content-type') === 'application/json; charset=utf-8';
  return [
    ...(status >= 200 && status < 500 ? [] : [`status ${status}`]),
    ...(status >= 400 && request.method !== 'HEAD' ? errorFaults(answer) : []),
    ...(isJson ? leaksIn(answer.body) : []),
    ...(headers.has('x-request-id') ? [] : ['no X-Request-Id']),
    ...(headers.get('x-content-type-options') === 'nosniff' ? [] : ['no X-Content-Type-Options']),
    ...['x-powered-by', 'access-control-allow-origin', 'x-injected']
      .filter((name) => headers.has(name))
      .map((name) => `the header ${name}`),
  ];
}

/** How an error differs from `{"error", "message", "code", "details"?, "request_id"}`. */
function errorFaults({ body, headers }: FuzzAnswer): string[] {
  const error = parseObject(body);
  if (error === null) return ['an error that is no JSON object'];
  const missing = ['error', 'message', 'code', 'request_id'].filter(
    (name) => typeof error[name] !== 'string',
  );
  const unknown = Object.keys(error).filter((name) => !ERROR_FIELDS.has(name));
  return [
    ...missing.map((name) => `an error without ${name}`),
    ...unknown.map((name) => `an error with ${name}`),
    ...(error['details'] === undefined || areProblems(error['details'])
      ? []
      : ['details that are no problems']),
    ...(error['request_id'] === headers.get('x-request-id') ? [] : ['another request_id than X-Request-Id']),
  ];
}

function areProblems(details: unknown): boolean {
  return (
    Array.isArray(details) &&
    details.every((each: unknown) => {
      const problem = parseObject(JSON.stringify(each));
      return typeof problem?.['field'] === 'string' && typeof problem['message'] === 'string';
    })
  );
}

function leaksIn(body: string): string[] {
  return Object.entries(INTERNALS).flatMap(([what, pattern]) => {
    const found = pattern.exec(body)?.[0];
    return found === undefined ? [] : [`${what}: ${found.slice(0, 200)}`];
  });
}

function parseObject(json: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
