import { signingSecrets } from './function.ts';

const until = new Date('2026-01-02T00:00:00Z');

test.each([
  ['2026-01-01T23:59:59.999Z', ['new', 'old']],
  ['2026-01-02T00:00:00Z', ['new']],
  ['2026-01-03T00:00:00Z', ['new']],
])('at %s sign %j: the previous secret signs until its end', (now, secrets) => {
  const fn = { secret: 'new', previousSecret: 'old', previousSecretUntil: until };
  expect(signingSecrets(fn, new Date(now))).toEqual(secrets);
});

test('a function that was never rotated has one secret', () => {
  expect(signingSecrets({ secret: 'only', previousSecret: null, previousSecretUntil: null }, until)).toEqual([
    'only',
  ]);
});
