import { bodyOf, draftOf, NEW_FUNCTION, problemsOf, withHeader } from './function-draft.ts';
import { automationFunction } from './function.fixture.ts';

const draft = draftOf(automationFunction({ headers: { Authorization: 'Bearer 1' }, timeout_seconds: 30 }));

test('a new function is sent whole, without headers that were left empty', () => {
  const { headers } = withHeader(NEW_FUNCTION);
  const filled = { ...NEW_FUNCTION, name: 'report', url: ' https://example.com ', headers };
  expect(bodyOf(filled, null)).toEqual({
    name: 'report',
    url: 'https://example.com',
    timeout_seconds: 30,
    headers: {},
  });
});

test('a change has what differs, and headers as a whole', () => {
  expect(bodyOf(draft, draft)).toEqual({});
  expect(bodyOf({ ...draft, timeoutSeconds: '60' }, draft)).toEqual({ timeout_seconds: 60 });
  const { headers } = withHeader(draft);
  const named = headers.map((header) => (header.name === '' ? { ...header, name: 'X-Tenant' } : header));
  expect(bodyOf({ ...draft, headers: named }, draft)).toEqual({
    headers: { Authorization: 'Bearer 1', 'X-Tenant': '' },
  });
});

test('what is no number is left to the api to refuse', () => {
  expect(bodyOf({ ...draft, timeoutSeconds: 'long' }, draft)).toEqual({ timeout_seconds: 'long' });
  expect(bodyOf({ ...draft, timeoutSeconds: '' }, draft)).toEqual({ timeout_seconds: '' });
});

test('a header that is given twice is named before one of them is lost', () => {
  const twice = [...draft.headers, { key: 7, name: 'Authorization ', value: '2' }];
  expect(problemsOf({ ...draft, headers: twice })).toEqual([
    { field: 'headers', message: 'headers: Authorization is given twice' },
  ]);
  expect(problemsOf(draft)).toEqual([]);
});
