import { checkUrl } from './check-url.ts';

test.each([
  'http://example.com/',
  'https://example.com:8443/a?b=c#d',
  'http://8.8.8.8/',
  'http://[2606:4700::1111]/',
  'http://notlocalhost/',
])('%s is acceptable to both networks', (url) => {
  expect(checkUrl(url, 'public')).toBeNull();
  expect(checkUrl(url, 'private')).toBeNull();
});

test.each([
  ['', 'url must be an absolute URL'],
  ['/invoke', 'url must be an absolute URL'],
  ['http://', 'url must be an absolute URL'],
  ['http://a:99999/', 'url must be an absolute URL'],
  ['ftp://example.com/', 'url must use http or https'],
  ['file:///etc/passwd', 'url must use http or https'],
  ['javascript:alert(1)', 'url must use http or https'],
  ['http://user@example.com/', 'url must not contain a user name or password'],
  ['http://:pass@example.com/', 'url must not contain a user name or password'],
  ['http://example.com:0/', 'url must not have port 0'],
])('"%s" is acceptable to neither: %s', (url, reason) => {
  expect(checkUrl(url, 'public')).toBe(reason);
  expect(checkUrl(url, 'private')).toBe(reason);
});

test.each([
  ['http://127.0.0.1/', '127.0.0.1'],
  ['http://127.0.0.1./', '127.0.0.1'],
  ['http://0x7f.1/', '127.0.0.1'],
  ['http://2130706433/', '127.0.0.1'],
  ['http://169.254.169.254/latest/meta-data', '169.254.169.254'],
  ['http://[::1]:8080/', '[::1]'],
  ['http://[::ffff:10.0.0.1]/', '[::ffff:a00:1]'],
  ['http://localhost/', 'localhost'],
  ['http://LOCALHOST./', 'localhost.'],
  ['http://api.localhost/', 'api.localhost'],
])('%s is acceptable to "private" only', (url, host) => {
  expect(checkUrl(url, 'private')).toBeNull();
  expect(checkUrl(url, 'public')).toBe(`address of ${host} is not public`);
});
