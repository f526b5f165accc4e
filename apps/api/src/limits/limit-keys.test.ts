import { loadApiConfig } from '../config.ts';

const DATABASE_URL = 'postgres://127.0.0.1/';

test("the limits are the seed's by default, and no proxy is trusted", () => {
  expect(loadApiConfig({ DATABASE_URL })).toMatchObject({
    MAX_STORAGE_BYTES: 314_572_800,
    MAX_CONCURRENT_REQUESTS: 1_000,
    MAX_REQUESTS_PER_SECOND: 5_000,
    MAX_EVENTS_PER_SECOND: 1_000,
    TRUSTED_PROXIES: [],
  });
});

test('proxies are addresses and networks of both families', () => {
  const config = loadApiConfig({ DATABASE_URL, TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.1,::1,fd00::/8' });
  expect(config.TRUSTED_PROXIES).toEqual(['10.0.0.0/8', '192.0.2.1', '::1', 'fd00::/8']);
});

test.each(['everyone', '10.0.0.0/33', '10.0.0/8', '::1/129', '10.0.0.1,', '1'])(
  '%j is no list of proxies',
  (text) => {
    expect(() => loadApiConfig({ DATABASE_URL, TRUSTED_PROXIES: text })).toThrow(
      `TRUSTED_PROXIES ${JSON.stringify(text)} must be addresses or networks with commas between them`,
    );
  },
);
