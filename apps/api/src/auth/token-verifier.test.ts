import { recordingLogger, waitUntil } from '@automation/testing';

import { startTestIssuer, type TestIssuer } from './test-issuer.fixture.ts';
import { openTokenVerifier } from './token-verifier.ts';

const jest = import.meta.jest;

let issuer: TestIssuer;

beforeEach(async () => {
  issuer = await startTestIssuer();
  // Only the clocks stand still; requests go on as ever.
  jest.useFakeTimers({
    doNotFake: [
      'nextTick',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
    ],
  });
});

afterEach(async () => {
  jest.useRealTimers();
  await issuer.close();
});

function setup() {
  const logger = recordingLogger();
  const config = { ...issuer.settings, JWT_ACCOUNT_CLAIM: 'account_id', JWT_SCOPE_CLAIM: 'scope' };
  const verifier = openTokenVerifier(config, { clock: { now: () => new Date() }, logger });
  if (verifier === null) throw new Error('no verifier');
  return { verifier, logger, sign: () => issuer.sign({ account_id: 'acc', scope: 'read' }) };
}

const IDENTITY = { accountId: 'acc', actor: { kind: 'jwt', id: 'user-1' }, scopes: ['read'] };
const UNAVAILABLE = { code: 'UNAVAILABLE', message: 'the keys of tokens are not available, try again' };

test('there is no verifier without an issuer', () => {
  const config = { JWT_ACCOUNT_CLAIM: 'account_id', JWT_SCOPE_CLAIM: 'scope' };
  expect(
    openTokenVerifier(config, { clock: { now: () => new Date() }, logger: recordingLogger() }),
  ).toBeNull();
});

test.each(['RS256', 'PS512', 'ES384', 'EdDSA'])('%s signs tokens', async (algorithm) => {
  await issuer.close();
  issuer = await startTestIssuer(algorithm);
  const { verifier, sign } = setup();
  expect(await verifier.verify(await sign())).toEqual(IDENTITY);
});

test("the issuer's keys are fetched once, however many tokens come", async () => {
  const { verifier, sign } = setup();
  const tokens = await Promise.all([sign(), sign(), sign()]);
  expect(await Promise.all(tokens.map((token) => verifier.verify(token)))).toEqual([
    IDENTITY,
    IDENTITY,
    IDENTITY,
  ]);
  expect(issuer.fetches()).toBe(1);
});

test('a new key of the issuer is found without a restart, and a withdrawn one signs no more', async () => {
  const { verifier, sign } = setup();
  const old = await sign();
  await verifier.verify(old);
  await issuer.rotate();
  jest.advanceTimersByTime(30_000);
  expect(await verifier.verify(await sign())).toEqual(IDENTITY);
  expect(await verifier.verify(old)).toBeUndefined();
});

test('tokens of unknown keys have the keys fetched every 30 s at most', async () => {
  const { verifier, sign } = setup();
  await verifier.verify(await sign());
  const unknown = await issuer.sign({ account_id: 'acc' }, { kid: 'unknown' });
  for (let n = 0; n < 3; n += 1) expect(await verifier.verify(unknown)).toBeUndefined();
  expect(issuer.fetches()).toBe(1);
  jest.advanceTimersByTime(30_000);
  for (let n = 0; n < 3; n += 1) expect(await verifier.verify(unknown)).toBeUndefined();
  expect(issuer.fetches()).toBe(2);
});

test('while the issuer cannot be reached and no key is known, nobody can tell; it is asked once a second', async () => {
  const { verifier, logger, sign } = setup();
  const token = await sign();
  issuer.setReachable(false);
  for (let n = 0; n < 3; n += 1) await expect(verifier.verify(token)).rejects.toMatchObject(UNAVAILABLE);
  expect(issuer.fetches()).toBe(1);
  jest.advanceTimersByTime(1_000);
  await expect(verifier.verify(token)).rejects.toMatchObject(UNAVAILABLE);
  expect(issuer.fetches()).toBe(2);
  issuer.setReachable(true);
  jest.advanceTimersByTime(1_000);
  expect(await verifier.verify(token)).toEqual(IDENTITY);
  expect(logger.lines).toMatchObject([
    { level: 'warn', message: 'the keys of tokens cannot be fetched, trying until they can' },
    { level: 'info', message: 'the keys of tokens are fetched again' },
  ]);
});

test('known keys go on counting while the issuer cannot be reached; of an unknown one nobody can tell', async () => {
  const { verifier, sign } = setup();
  const token = await sign();
  await verifier.verify(token);
  issuer.setReachable(false);
  jest.advanceTimersByTime(60_000);
  expect(await verifier.verify(token)).toEqual(IDENTITY);
  await issuer.rotate();
  await expect(verifier.verify(await sign())).rejects.toMatchObject(UNAVAILABLE);
  expect(await verifier.verify(token)).toEqual(IDENTITY);
});

test('the keys are looked at anew every 10 minutes, and no request waits for it', async () => {
  const { verifier, logger, sign } = setup();
  await verifier.verify(await sign());
  jest.advanceTimersByTime(600_000);
  issuer.setReachable(false);
  expect(await verifier.verify(await sign())).toEqual(IDENTITY);
  await waitUntil(() => logger.lines.length === 1);
  issuer.setReachable(true);
  jest.advanceTimersByTime(1_000);
  expect(await verifier.verify(await sign())).toEqual(IDENTITY);
  await waitUntil(() => logger.lines.length === 2);
  expect(issuer.fetches()).toBe(3);
});
