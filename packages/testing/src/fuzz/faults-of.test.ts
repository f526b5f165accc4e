import { faultsOf } from './faults-of.ts';
import type { FuzzAnswer } from './fuzz-answer.ts';
import type { FuzzRequest } from './fuzz-request.ts';

const REQUEST: FuzzRequest = { method: 'GET', target: '/', headers: [], body: null, delivery: 'whole' };
const ERROR = { error: 'not found', message: 'GET / not found', code: 'NOT_FOUND', request_id: 'id' };

/** An error as it should be, but for what is said here. */
function answer({ status = 404, body = {}, headers = {} }: Partial<AnswerChanges> = {}): FuzzAnswer {
  const all = {
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': 'id',
    'x-content-type-options': 'nosniff',
    ...headers,
  };
  return { status, headers: new Map(Object.entries(all)), body: JSON.stringify({ ...ERROR, ...body }) };
}

interface AnswerChanges {
  status: number;
  body: object;
  headers: Record<string, string>;
}

test('an error in the form of SPEC 5 has no fault', () => {
  expect(faultsOf(REQUEST, answer())).toEqual([]);
  expect(faultsOf(REQUEST, answer({ body: { details: [{ field: 'a', message: 'b' }] } }))).toEqual([]);
});

test.each([
  [{ status: 500 }, 'status 500'],
  [{ body: { request_id: 'other' } }, 'another request_id than X-Request-Id'],
  [{ body: { code: undefined } }, 'an error without code'],
  [{ body: { stack: 'at' } }, 'an error with stack'],
  [{ body: { details: ['a'] } }, 'details that are no problems'],
  [{ headers: { 'x-powered-by': 'Express' } }, 'the header x-powered-by'],
  [{ headers: { 'access-control-allow-origin': '*' } }, 'the header access-control-allow-origin'],
])('%j is a fault', (changes, fault) => {
  expect(faultsOf(REQUEST, answer(changes))).toEqual([fault]);
});

test.each([
  'invalid input syntax for type uuid: "x"',
  'SELECT id FROM automation_jobs',
  "Cannot read properties of undefined (reading 'id')",
  'Error: no\n    at handler (/srv/apps/api/src/start.ts:12:3)',
])('%j shows the inside', (message) => {
  expect(faultsOf(REQUEST, answer({ body: { message } }))).not.toEqual([]);
});

test('no answer is a fault, and says why', () => {
  expect(faultsOf(REQUEST, { why: 'closed without an answer' })).toEqual(['closed without an answer']);
});
