import { checkUrl } from './check-url.ts';
import type { EgressPolicy } from './egress-policy.ts';

const inside: EgressPolicy = { network: 'private' };
const outside: EgressPolicy = { network: 'public', ports: [443, 8443], http: 'refused' };
const lenient: EgressPolicy = { network: 'public', ports: [80, 443], http: 'allowed' };

test.each([
  'https://example.com/',
  'https://example.com:443/',
  'https://example.com:8443/a?b=c#d',
  'https://8.8.8.8/',
  'https://[2606:4700::1111]/',
  'https://EXAMPLE.com./',
  'https://local.example/',
  'https://notlocalhost.example/',
  'https://bücher.example/',
])('%s is acceptable to both networks', (url) => {
  expect(checkUrl(url, outside)).toBeNull();
  expect(checkUrl(url, inside)).toBeNull();
});

test.each([
  ['', 'url must be an absolute URL'],
  ['/invoke', 'url must be an absolute URL'],
  ['//example.com/', 'url must be an absolute URL'],
  ['http://', 'url must be an absolute URL'],
  ['http://a:99999/', 'url must be an absolute URL'],
  ['http://256.256.256.256/', 'url must be an absolute URL'],
  ['http://[fe80::1%25eth0]/', 'url must be an absolute URL'],
  ['ftp://example.com/', 'url must use http or https'],
  ['file:///etc/passwd', 'url must use http or https'],
  ['javascript:alert(1)', 'url must use http or https'],
  ['gopher://127.0.0.1:6379/_FLUSHALL', 'url must use http or https'],
  ['http://user@example.com/', 'url must not contain a user name or password'],
  ['http://:pass@example.com/', 'url must not contain a user name or password'],
  ['https://example.com%2f@127.0.0.1/', 'url must not contain a user name or password'],
  ['http://example.com:0/', 'url must not have port 0'],
])('"%s" is acceptable to neither: %s', (url, reason) => {
  expect(checkUrl(url, outside)).toBe(reason);
  expect(checkUrl(url, inside)).toBe(reason);
});

describe('to "private" alone is acceptable', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.1.', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['127.0.1', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['0x7F.0x0.0x0.0x1', '127.0.0.1'],
    ['0x7f000001', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['017700000001', '127.0.0.1'],
    ['0177.0.0.1', '127.0.0.1'],
    ['0177.0x0.1', '127.0.0.1'],
    ['%31%32%37.0.0.1', '127.0.0.1'],
    ['１２７.０.０.１', '127.0.0.1'],
    ['127。0。0。1', '127.0.0.1'],
    ['①②⑦.⓪.⓪.①', '127.0.0.1'],
    ['0', '0.0.0.0'],
    ['0x0', '0.0.0.0'],
    ['10.0.0.1', '10.0.0.1'],
    ['012.0.0.1', '10.0.0.1'],
    ['167772161', '10.0.0.1'],
    ['192.168.257', '192.168.1.1'],
    ['172.1048577', '172.16.0.1'],
    ['169.254.169.254', '169.254.169.254'],
    ['169.16689662', '169.254.169.254'],
    ['0xA9FEA9FE', '169.254.169.254'],
    ['2852039166', '169.254.169.254'],
    ['0251.0376.0251.0376', '169.254.169.254'],
    ['100.100.100.200', '100.100.100.200'],
    ['168.63.129.16', '168.63.129.16'],
    ['255.255.255.255', '255.255.255.255'],
    ['[::]', '[::]'],
    ['[::1]', '[::1]'],
    ['[0:0:0:0:0:0:0:1]', '[::1]'],
    ['[0000::0001]', '[::1]'],
    ['[::127.0.0.1]', '[::7f00:1]'],
    ['[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
    ['[::ffff:10.0.0.1]', '[::ffff:a00:1]'],
    ['[::FFFF:A9FE:A9FE]', '[::ffff:a9fe:a9fe]'],
    ['[64:ff9b::169.254.169.254]', '[64:ff9b::a9fe:a9fe]'],
    ['[2002:7f00:1::]', '[2002:7f00:1::]'],
    ['[2001:0:7f00:1::]', '[2001:0:7f00:1::]'],
    ['[fc00::1]', '[fc00::1]'],
    ['[fd00:ec2::254]', '[fd00:ec2::254]'],
    ['[fe80::1]', '[fe80::1]'],
    ['[ff02::1]', '[ff02::1]'],
  ])('the address %s', (host, shown) => {
    expect(checkUrl(`https://${host}/`, inside)).toBeNull();
    expect(checkUrl(`https://${host}/`, outside)).toBe(`address of ${shown} is not public`);
  });

  test.each([
    ['localhost', 'localhost'],
    ['LOCALHOST.', 'localhost.'],
    ['localhost..', 'localhost..'],
    ['ⓛⓞⓒⓐⓛⓗⓞⓢⓣ', 'localhost'],
    ['api.localhost', 'api.localhost'],
    ['localhost.localdomain', 'localhost.localdomain'],
    ['metadata', 'metadata'],
    ['instance-data', 'instance-data'],
    ['metadata.google.internal', 'metadata.google.internal'],
    ['metadata.google.internal.', 'metadata.google.internal.'],
    ['instance-data.ec2.internal', 'instance-data.ec2.internal'],
    ['kubernetes', 'kubernetes'],
    ['kubernetes.default.svc.cluster.local', 'kubernetes.default.svc.cluster.local'],
    ['host.docker.internal', 'host.docker.internal'],
    ['printer.local', 'printer.local'],
    ['nas.lan', 'nas.lan'],
    ['git.corp', 'git.corp'],
    ['wiki.intranet', 'wiki.intranet'],
    ['db.private', 'db.private'],
    ['router.home', 'router.home'],
    ['router.home.arpa', 'router.home.arpa'],
  ])('the name %s', (host, shown) => {
    expect(checkUrl(`https://${host}/`, inside)).toBeNull();
    expect(checkUrl(`https://${host}/`, outside)).toBe(`address of ${shown} is not public`);
  });

  test('http, unless the policy allows it', () => {
    expect(checkUrl('http://example.com:8443/', inside)).toBeNull();
    expect(checkUrl('http://example.com:8443/', outside)).toBe('url must use https');
    expect(checkUrl('http://example.com/', lenient)).toBeNull();
  });

  test.each([22, 80, 5432, 6379, 8080, 65_535])('port %i, unless the policy names it', (port) => {
    const url = `https://example.com:${port}/`;
    expect(checkUrl(url, inside)).toBeNull();
    expect(checkUrl(url, outside)).toBe(`url must use one of the ports 443, 8443; got ${port}`);
    expect(checkUrl(url, { ...outside, ports: [port] })).toBeNull();
  });

  test("its protocol's port, unless the policy names it", () => {
    expect(checkUrl('https://example.com/', { ...outside, ports: [8443] })).toBe(
      'url must use one of the ports 8443; got 443',
    );
    expect(checkUrl('http://example.com/', { ...lenient, ports: [443] })).toBe(
      'url must use one of the ports 443; got 80',
    );
  });
});
