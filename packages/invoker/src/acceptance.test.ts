import { readAnswer } from './answer.ts';

const read = (body: unknown, { status = 202, type = 'application/json' } = {}) =>
  readAnswer(status, type, Buffer.from(JSON.stringify(body)));

describe('202 with {"async": true}: the function will complete the attempt later (SPEC 4)', () => {
  test('within the time that the attempt has', () => {
    expect(read({ async: true })).toEqual({ kind: 'accepted', httpStatus: 202, withinMs: null });
    expect(read({ async: true, timeout_seconds: null })).toMatchObject({ kind: 'accepted', withinMs: null });
  });

  test.each([
    [1, 1_000],
    [0.5, 500],
    [0.0001, 1],
    [86_400, 86_400_000],
  ])('within %s s, if it says so', (seconds, withinMs) => {
    expect(read({ async: true, timeout_seconds: seconds })).toEqual({
      kind: 'accepted',
      httpStatus: 202,
      withinMs,
    });
  });

  test('fields beside are ignored', () => {
    expect(read({ async: true, shouldPerform: false, ticket: 7 })).toMatchObject({ kind: 'accepted' });
  });

  test.each([0, -1, 86_400.001, '30', true, [30], { s: 30 }])(
    'timeout_seconds %j is rejected, and named',
    (seconds) => {
      expect(read({ async: true, timeout_seconds: seconds })).toMatchObject({
        kind: 'rejected',
        httpStatus: 202,
        error: `expected timeout_seconds to be above 0 and at most 86400; got ${JSON.stringify(seconds)}`,
      });
    },
  );

  test('a timeout_seconds as long as an answer is cut in the message', () => {
    const result = read({ async: true, timeout_seconds: 'x'.repeat(10_000) });
    expect('error' in result && result.error.length).toBeLessThan(200);
  });
});

describe('is an answer like any other', () => {
  test.each([
    ['with another status', { async: true }, { status: 200 }],
    ['with 201', { async: true }, { status: 201 }],
    ['if async is false', { async: false }, {}],
    ['if async is the string true', { async: 'true' }, {}],
    ['if async is 1', { async: 1 }, {}],
    ['without async', { shouldPerform: true }, {}],
  ])('%s', (_what, body, options) => {
    expect(read(body, options)).toMatchObject({ kind: 'succeeded', output: body });
  });

  test('202 with an empty body', () => {
    expect(readAnswer(202, undefined, Buffer.alloc(0))).toMatchObject({ kind: 'succeeded', output: {} });
  });

  test('202 with an envelope', () => {
    const type = 'application/vnd.automation.execution+json';
    expect(read({ async: true, output: { a: 1 } }, { type })).toMatchObject({
      kind: 'succeeded',
      output: { a: 1 },
    });
  });
});
