import { networkFailure } from './network-failure.ts';

function failure(code: string, url = 'https://example.com/'): ReturnType<typeof networkFailure> {
  return networkFailure(Object.assign(new Error('it broke'), { code }), new URL(url));
}

test.each([
  ['ECONNREFUSED', 'connection refused by example.com:443'],
  ['ECONNRESET', 'connection reset by example.com:443'],
  ['EHOSTUNREACH', 'example.com:443 is unreachable'],
  ['UND_ERR_CONNECT_TIMEOUT', 'no connection to example.com:443 in time'],
  ['CERT_HAS_EXPIRED', 'connection to example.com:443 failed: it broke (CERT_HAS_EXPIRED)'],
])('%s is unavailable: %s', (code, error) => {
  expect(failure(code)).toEqual({ kind: 'unavailable', httpStatus: null, error, retryAfterMs: null });
});

test('the system names addresses when it cannot connect; we do not', () => {
  const error = Object.assign(new Error('connect EACCES 10.0.0.1:443 - Local (10.0.0.2:0)'), {
    code: 'EACCES',
    address: '10.0.0.1',
  });
  expect(networkFailure(error, new URL('https://example.com/'))).toHaveProperty(
    'error',
    'connection to example.com:443 failed: EACCES',
  );
});

test('the port is named even where the URL leaves it out', () => {
  expect(failure('ECONNREFUSED', 'http://[::1]/')).toHaveProperty('error', 'connection refused by [::1]:80');
});

test('headers without end are rejected', () => {
  expect(failure('UND_ERR_HEADERS_OVERFLOW')).toMatchObject({ kind: 'rejected' });
});

test('an error without a code is a bug and thrown', () => {
  const bug = new TypeError('undefined is not a function');
  expect(() => networkFailure(bug, new URL('http://example.com/'))).toThrow(bug);
});
