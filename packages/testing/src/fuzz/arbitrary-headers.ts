import * as fc from 'fast-check';

import { bytesOf } from './bytes-of.ts';
import type { FuzzWorld } from './fuzz-world.ts';
import { hostileText } from './hostile.ts';
import { mostly } from './mostly.ts';

type Header = readonly [name: string, value: string];
type Headers = readonly Header[];

const CONTENT_TYPES = [
  'Application/JSON; charset=utf-8',
  'application/json; charset=utf-7',
  'application/json; charset',
  'application/json;;',
  'application/vnd.api+json',
  'text/plain',
  'multipart/form-data',
  '*/*',
  '/',
  '',
];

/** Headers that the api, or something before it, makes something of. */
const EXTRAS: Readonly<Record<string, readonly string[]>> = {
  'Idempotency-Key': ['key-1', 'key-2', 'k'.repeat(255), 'k'.repeat(256)],
  'If-Match': ['*', '"1"', 'W/"1"', '"1", "2"', '1'],
  'If-None-Match': ['*', '"1"'],
  'If-Unmodified-Since': ['Thu, 01 Jan 1970 00:00:00 GMT', 'never'],
  'Last-Event-ID': ['0', '1', '-1', '999999999999', '1e3'],
  'X-Request-Id': ['trace-1', 'x'.repeat(128), 'x'.repeat(129)],
  'X-Automation-Completion-Token': ['01a20d39-27c1-753f-87f4-75c6d5717b06', 'token'],
  'X-HTTP-Method-Override': ['DELETE'],
  'X-Forwarded-For': ['127.0.0.1, 10.0.0.1'],
  'Content-Encoding': ['gzip', 'br', 'deflate', 'zstd', 'identity', 'gzip, gzip', 'rot13'],
  'Transfer-Encoding': ['chunked', 'gzip', 'identity'],
  Accept: ['text/html', 'text/event-stream', 'nonsense'],
  Cookie: ['a=b'],
  Expect: ['100-continue', 'the unexpected'],
  Origin: ['https://example.com', 'null'],
  Range: ['bytes=0-1', 'bytes=999999999-', 'bytes=-1'],
  traceparent: ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '00-0-0-00'],
  Upgrade: ['websocket', 'h2c'],
};

/** Headers with which the request gets far, most of the time, and others. */
export function arbitraryHeaders({ keys }: FuzzWorld): fc.Arbitrary<Headers> {
  return fc.tuple(hosts, credentials(keys), contentTypes, extras).map((parts) => parts.flat());
}

const hosts = mostly<Headers>(
  30,
  [['Host', 'localhost']],
  fc.constantFrom<Headers>(
    [],
    [['Host', '']],
    [
      ['Host', 'a'],
      ['Host', 'b'],
    ],
  ),
);

function credentials(keys: readonly string[]): fc.Arbitrary<Headers> {
  const [admin = ''] = keys;
  const bearer: Header = ['Authorization', `Bearer ${admin}`];
  const hostile = hostileText.map(bytesOf);
  return fc.oneof(
    { weight: 16, arbitrary: fc.constant<Headers>([bearer]) },
    { weight: 2, arbitrary: fc.constant<Headers>([['X-API-Key', admin]]) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(...keys).map((key) => [['authorization', `bearer ${key}`]] as const),
    },
    { weight: 1, arbitrary: fc.constant<Headers>([]) },
    { weight: 1, arbitrary: hostile.map((text) => [['Authorization', text]] as const) },
    { weight: 1, arbitrary: hostile.map((text) => [['Authorization', `Bearer ${text}`], bearer] as const) },
  );
}

const contentTypes = mostly(12, 'application/json', fc.constantFrom(...CONTENT_TYPES)).map(
  (type): Headers => [['Content-Type', type]],
);

const extra: fc.Arbitrary<Header> = fc
  .constantFrom(...Object.entries(EXTRAS))
  .chain(([name, values]) =>
    fc
      .oneof(
        { weight: 3, arbitrary: fc.constantFrom(...values) },
        { weight: 1, arbitrary: hostileText.map(bytesOf) },
      )
      .map((value): Header => [name, value]),
  );

const extras = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Headers>([]) },
  { weight: 1, arbitrary: fc.array(extra, { minLength: 1, maxLength: 3 }) },
);
