import { isSupported } from './require-postgres.ts';

test.each([
  'PostgreSQL 13.23 on x86_64-pc-linux-gnu, compiled by gcc, 64-bit',
  'PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc, 64-bit',
  'PostgreSQL 18.4 on aarch64-apple-darwin, compiled by clang, 64-bit',
  'PostgreSQL 19beta1 on x86_64-pc-linux-gnu',
])('%s is supported', (version) => {
  expect(isSupported(version)).toBe(true);
});

test.each([
  'PostgreSQL 12.22 on x86_64-pc-linux-gnu, compiled by gcc, 64-bit',
  'PostgreSQL 9.6.24 on x86_64-pc-linux-gnu',
  'PostgreSQL 15.12-YB-2025.2.3.0-b1 on x86_64-pc-linux-gnu, compiled by clang, 64-bit',
  'CockroachDB CCL v25.2.0 (x86_64-pc-linux-gnu, built 2025/05/09, go1.23.7)',
  'unknown',
])('%s is not', (version) => {
  expect(isSupported(version)).toBe(false);
});
