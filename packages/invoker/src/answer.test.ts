import { readAnswer } from './answer.ts';

const ENVELOPE = 'application/vnd.automation.execution+json';

function read(contentType: string | undefined, body: string | Buffer): ReturnType<typeof readAnswer> {
  return readAnswer(200, contentType, Buffer.from(body));
}

function envelope(value: unknown): ReturnType<typeof readAnswer> {
  return read(ENVELOPE, JSON.stringify(value));
}

/** What a rejection says that it got. */
function got(contentType: string | undefined, body: string | Buffer): string {
  const result = read(contentType, body);
  expect(result).toMatchObject({ kind: 'rejected', httpStatus: 200, output: {}, logs: [] });
  return 'error' in result
    ? result.error.replace(/^expected a JSON object as .* or an empty body; got /, '')
    : '';
}

describe('an answer as application/json', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    ' application/json ;x=1',
  ])('may be spelled "%s"', (contentType) => {
    expect(read(contentType, '{"a":[1,null]}')).toEqual({
      kind: 'succeeded',
      httpStatus: 200,
      output: { a: [1, null] },
      logs: [],
    });
  });

  test('may begin with a byte order mark', () => {
    expect(read('application/json', '\uFEFF{"a":1}')).toMatchObject({ kind: 'succeeded', output: { a: 1 } });
  });

  test.each([
    ['[1]', 'a JSON array'],
    ['"text"', 'a JSON string'],
    ['12', 'a JSON number'],
    ['true', 'a JSON boolean'],
    ['null', 'JSON null'],
  ])('that is %s is rejected', (body, what) => {
    expect(got('application/json', body)).toBe(what);
  });

  test.each(['{', ' ', '{"a":1}x', '<html>'])('that is "%s" is rejected as invalid JSON', (body) => {
    expect(got('application/json', body)).toMatch(/^invalid JSON \(SyntaxError: .+\)$/);
  });

  test('nested deeper than PostgreSQL can store is rejected, in an envelope too', () => {
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    for (const type of ['application/json', ENVELOPE]) {
      expect(read(type, deep)).toMatchObject({
        kind: 'rejected',
        error: 'expected JSON of at most 64 levels; got more',
      });
    }
  });

  test('that is not UTF-8 is rejected', () => {
    expect(got('application/json', Buffer.from('{"a":"ä"}', 'latin1'))).toBe('a body that is not UTF-8');
  });
});

test.each([undefined, 'text/html', 'application/json', ENVELOPE])(
  'an empty body as %s is {}',
  (contentType) => {
    expect(read(contentType, '')).toEqual({ kind: 'succeeded', httpStatus: 200, output: {}, logs: [] });
  },
);

test.each([
  [undefined, 'no content type'],
  ['', 'no content type'],
  ['text/plain; charset=utf-8', 'content type text/plain'],
  ['application/problem+json', 'content type application/problem+json'],
  ['application/jsonp', 'content type application/jsonp'],
])('an answer with content type %s is rejected', (contentType, what) => {
  expect(got(contentType, '{}')).toBe(what);
});

describe('an envelope', () => {
  test('yields its output and logs', () => {
    const value = { id: 'x', output: { a: 1 }, logs: ['one', 'two'], error: '', status: 'succeeded' };
    expect(envelope(value)).toEqual({
      kind: 'succeeded',
      httpStatus: 200,
      output: { a: 1 },
      logs: ['one', 'two'],
    });
  });

  test.each([{}, { output: null, logs: null, error: null, status: null }])(
    'may leave its fields out or null',
    (value) => {
      expect(envelope(value)).toEqual({ kind: 'succeeded', httpStatus: 200, output: {}, logs: [] });
    },
  );

  test('with an error is rejected with that error, whatever its status; output and logs are kept', () => {
    expect(envelope({ output: { a: 1 }, logs: ['one'], error: 'it broke', status: 'succeeded' })).toEqual({
      kind: 'rejected',
      httpStatus: 200,
      error: 'it broke',
      output: { a: 1 },
      logs: ['one'],
    });
  });

  test.each(['failed', 'FAILED', 'error', 'Error'])('with status %s and no error is rejected', (status) => {
    expect(envelope({ output: { a: 1 }, status })).toMatchObject({
      kind: 'rejected',
      error: `the function reported status ${status}`,
      output: { a: 1 },
    });
  });

  test('with an error that is no string is rejected with its JSON', () => {
    expect(envelope({ error: { code: 7 }, output: 1, logs: 2 })).toMatchObject({
      kind: 'rejected',
      error: '{"code":7}',
      output: {},
      logs: [],
    });
  });

  test('keeps log entries that are no strings as their JSON', () => {
    expect(envelope({ logs: ['one', { level: 'info' }, 3] })).toMatchObject({
      kind: 'succeeded',
      logs: ['one', '{"level":"info"}', '3'],
    });
  });

  test.each([
    [{ output: [1] }, "expected the envelope's output to be an object; got a JSON array"],
    [{ logs: 'one' }, "expected the envelope's logs to be an array; got a JSON string"],
  ])('like %j is rejected', (value, error) => {
    expect(envelope(value)).toMatchObject({ kind: 'rejected', error, output: {}, logs: [] });
  });

  test('that is no object is rejected', () => {
    expect(got(ENVELOPE, '[]')).toBe('a JSON array');
  });

  test('keeps 2,000 characters of an error, which also becomes a reason and goes into events', () => {
    const result = envelope({ error: `\u{1F600}${'x\n'.repeat(500_000)}` });
    expect(result).toHaveProperty('error', `\u{1F600}${'x\n'.repeat(1_000)}`.slice(0, -1));
  });
});
