import { Webhook } from 'standardwebhooks';
import { generateSecret, signatureHeaders } from './signature.ts';

test.each(['', '{}', '{"text":"ä€😀"}', 'x'.repeat(100_000)])(
  'the signature equals that of the library of Standard Webhooks (%#)',
  (payload) => {
    const secret = generateSecret();
    const now = new Date('2025-12-01T00:00:00.999Z');
    expect(signatureHeaders([secret], 'message-1', now, payload)).toEqual({
      'webhook-id': 'message-1',
      'webhook-timestamp': '1764547200',
      'webhook-signature': new Webhook(secret).sign('message-1', now, payload),
    });
  },
);

test('a signature is verified by the library, and only for the same id, body and secret', () => {
  const secret = generateSecret();
  const headers = signatureHeaders([secret], 'message-1', new Date(), '{"a":1}');
  expect(new Webhook(secret).verify('{"a":1}', headers)).toEqual({ a: 1 });
  expect(() => new Webhook(secret).verify('{"a":2}', headers)).toThrow('No matching signature found');
  expect(() => new Webhook(secret).verify('{"a":1}', { ...headers, 'webhook-id': 'message-2' })).toThrow(
    'No matching signature found',
  );
  expect(() => new Webhook(generateSecret()).verify('{"a":1}', headers)).toThrow(
    'No matching signature found',
  );
});

test('several secrets sign, in their order, with a space between, and the library verifies each', () => {
  const secrets = [generateSecret(), generateSecret()];
  const now = new Date();
  const headers = signatureHeaders(secrets, 'message-1', now, '{"a":1}');
  expect(headers['webhook-signature']).toBe(
    secrets.map((secret) => new Webhook(secret).sign('message-1', now, '{"a":1}')).join(' '),
  );
  for (const secret of secrets) expect(new Webhook(secret).verify('{"a":1}', headers)).toEqual({ a: 1 });
});

test('a message without a secret is not sent unsigned', () => {
  expect(() => signatureHeaders([], 'message-1', new Date(), '{}')).toThrow(
    new TypeError('a message needs a signing secret'),
  );
});

test('a secret is whsec_ and the base64 of 32 random bytes', () => {
  const [one, two] = [generateSecret(), generateSecret()];
  expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(one).not.toBe(two);
});

test.each(['', 'whsec_', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_abc', 'whsec_ab-_', 'whsec_abcd abcd'])(
  'the secret "%s" is refused, and not repeated',
  (secret) => {
    expect(() => signatureHeaders([secret], 'message-1', new Date(), '{}')).toThrow(
      new TypeError('a signing secret must be whsec_ followed by base64'),
    );
  },
);
