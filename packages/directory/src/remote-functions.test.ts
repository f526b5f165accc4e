import { type Answer, type FunctionServer, recordingLogger, startFunctionServer } from '@automation/testing';

import { RemoteFunctions } from './remote-functions.ts';

const SECRET = 'whsec_dGVzdCBzZWNyZXQgb2YgdGhlIGZ1bmN0aW9u';
const RECORD = {
  id: 'fn',
  account_id: 'acc',
  url: 'https://functions.example/run',
  headers: { 'X-Token': 'hidden' },
  timeout_seconds: 7,
  secret: SECRET,
};

let server: FunctionServer;
let opened: RemoteFunctions[] = [];

beforeAll(async () => {
  server = await startFunctionServer();
});

afterEach(async () => {
  await Promise.all(opened.map((functions) => functions.close()));
  opened = [];
});

afterAll(() => server.close());

let serial = 0;

/** A functions service of its own, which answers the function `fn` so, and its client. */
function setup(answer: () => Answer, token?: string) {
  serial += 1;
  const base = `/service-${serial}`;
  const logger = recordingLogger();
  const path = (id: string) => `${base}/functions/${id}`;
  server.script(path('fn'), answer);
  const functions = new RemoteFunctions({ url: `${server.url(base)}/`, token, logger });
  opened.push(functions);
  return { functions, logger, path };
}

/** What it says of a failure, which no secret is part of. */
async function expectUnavailable(answer: Answer): Promise<string> {
  const { functions, logger } = setup(() => answer);
  await expect(functions.find('acc', 'fn')).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: 'the functions service is not available, try again',
  });
  expect(logger.lines).toMatchObject([
    { level: 'warn', message: 'the functions service does not answer as agreed' },
  ]);
  const error: unknown = logger.lines[0]?.fields['error'];
  if (!(error instanceof Error)) throw new Error('no error was logged');
  expect(error.message).not.toContain(SECRET);
  expect(error.message).not.toContain('hidden');
  return error.message;
}

test('a function is asked for by its id, with its account and the token (the contract of FUNCTIONS_URL)', async () => {
  const { functions, path } = setup(() => ({ body: RECORD }), 'service-token');
  expect(await functions.find('acc', 'fn')).toEqual({
    url: 'https://functions.example/run',
    headers: { 'x-token': 'hidden' },
    timeoutSeconds: 7,
    secrets: [SECRET],
  });
  expect(server.calls(path('fn')).map(({ headers }) => headers)).toMatchObject([
    { 'x-automation-account': 'acc', authorization: 'Bearer service-token', accept: 'application/json' },
  ]);
});

test('headers and the time-out may be left out, and fields that we do not know do no harm', async () => {
  const { headers: _headers, timeout_seconds: _seconds, ...bare } = RECORD;
  const { functions } = setup(() => ({ body: { ...bare, region: 'eu' } }));
  expect(await functions.find('acc', 'fn')).toMatchObject({ headers: {}, timeoutSeconds: 30 });
});

test('404 is a function that does not exist', async () => {
  const { functions, logger } = setup(() => ({ status: 404, body: { error: 'nothing here' } }));
  expect(await functions.find('acc', 'fn')).toBeUndefined();
  expect(logger.lines).toEqual([]);
});

test("an account's answer is not another's", async () => {
  const { functions, path } = setup(() => ({ body: RECORD }));
  await functions.find('acc', 'fn');
  await expect(functions.find('other', 'fn')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(server.calls(path('fn'))).toHaveLength(2);
});

test('an id is one step of the path, and what can be none is asked for nowhere', async () => {
  const { functions, path } = setup(() => 'hang');
  server.script(path('a%2F..%2Fb%3Fc'), () => ({ status: 404 }));
  expect(await functions.find('acc', 'a/../b?c')).toBeUndefined();
  expect(server.calls(path('a%2F..%2Fb%3Fc'))).toHaveLength(1);
  for (const id of ['.', '..', '', 'a b', 'ü', 'a\n', 'x'.repeat(129)]) {
    expect(await functions.find('acc', id)).toBeUndefined();
  }
});

test.each<[string, Answer, string]>([
  ['a fault', { status: 500, body: RECORD }, 'answered 500, where 200 or 404 is agreed'],
  ['a refusal', { status: 401, body: {} }, 'answered 401, where 200 or 404 is agreed'],
  ['a redirect', { status: 302, headers: { location: '/' } }, 'answered 302, where 200 or 404 is agreed'],
  ['no JSON', { body: `{"secret": ${SECRET}` }, 'answered 200 with what is no JSON'],
  ['an empty body', {}, 'answered 200 with what is no JSON'],
  ['an array', { body: [RECORD] }, 'answered 200 with a wrong record: value must be of type object'],
  ['null', { body: 'null' }, 'answered 200 with a wrong record: value must be of type object'],
  [
    'another function',
    { body: { ...RECORD, id: 'other' } },
    'answered 200 with a wrong record: id is not the one that was asked for',
  ],
  [
    "another account's function",
    { body: { ...RECORD, account_id: 'other' } },
    'answered 200 with a wrong record: account_id is not the one that was asked for',
  ],
  [
    'no URL',
    { body: { ...RECORD, url: 'file:///etc/passwd' } },
    'answered 200 with a wrong record: url must be a valid uri with a scheme matching the http|https pattern',
  ],
  [
    'a header that is no text',
    { body: { ...RECORD, headers: { 'X-Token': 1 } } },
    'answered 200 with a wrong record: headers.X-Token must be a string',
  ],
  [
    'a time-out as text',
    { body: { ...RECORD, timeout_seconds: '30' } },
    'answered 200 with a wrong record: timeout_seconds must be a number',
  ],
  [
    'a secret that signs nothing',
    { body: { ...RECORD, secret: `${SECRET}!hidden` } },
    'answered 200 with a wrong record: secret is not whsec_ followed by base64',
  ],
  [
    'an empty secret',
    { body: { ...RECORD, secret: 'whsec_' } },
    'answered 200 with a wrong record: secret is not whsec_ followed by base64',
  ],
  [
    'no secret',
    { body: { ...RECORD, secret: undefined } },
    'answered 200 with a wrong record: secret is required',
  ],
])('%s counts as being down, and the log says what was wrong', async (_what, answer, message) => {
  expect(await expectUnavailable(answer)).toBe(message);
});

test('an endless answer is not read to its end', async () => {
  const message = await expectUnavailable({ body: { ...RECORD, extra: 'x'.repeat(300_000) } });
  expect(message).toBe('Response content exceeded max size');
});

test('no answer within 2 s counts as being down', async () => {
  expect(await expectUnavailable('hang')).toMatch(/took longer than 2000 ms|aborted due to timeout/);
});

test('nobody there counts as being down', async () => {
  const logger = recordingLogger();
  const functions = new RemoteFunctions({ url: 'http://127.0.0.1:9', token: undefined, logger });
  opened.push(functions);
  await expect(functions.find('acc', 'fn')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
