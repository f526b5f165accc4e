import * as fc from 'fast-check';

/** Texts on which parsers, templates, queries and terminals have stumbled. */
const KNOWN_TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'a\udfffb',
  '\ufeff',
  '\u202etxt',
  '\u2028',
  'İıſ',
  'Z\u0351\u036b\u0343',
  '👩‍👩‍👧‍👦'.repeat(60),
  'x'.repeat(5_000),
  '\r\nX-Injected: 1',
  '../../etc/passwd',
  '..\\..\\',
  '%00',
  '%2e%2e%2f',
  '%ff',
  '%',
  "' OR 1=1 --",
  '$1',
  '`',
  '\\',
  '${7*7}',
  '{{7*7}}',
  '%s%n',
  '<script>',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'then',
  'null',
  'undefined',
  'NaN',
  '1e999',
  '-1',
  '0x10',
  '9'.repeat(400),
  '0001-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '2026-02-30T00:00:00Z',
];

const loneSurrogate = fc
  .integer({ min: 0xd800, max: 0xdfff })
  .map((codeUnit) => String.fromCharCode(codeUnit));

/** Text that may be anything, and is seldom harmless. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...KNOWN_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: loneSurrogate, maxLength: 4 }) },
);

/** JSON that JSON.stringify would not write. */
const KNOWN_JSON = [
  'null',
  'true',
  '0',
  '-0',
  '-1',
  '0.1',
  '1e308',
  '1e400',
  '-1e400',
  '5e-324',
  '2147483648',
  '9007199254740993',
  '123456789012345678901234567890',
  '[]',
  '{}',
  '[[]]',
  '{"":""}',
  '{"a":1,"a":2}',
  '{"__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{"admin":true}}}',
  '{"toString":1,"hasOwnProperty":2,"then":3}',
];

/** JSON text of a value that a schema hardly asks for. */
export const hostileJson: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...KNOWN_JSON) },
  { weight: 3, arbitrary: hostileText.map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: fc.double().map((number) => JSON.stringify(number)) },
  { weight: 1, arbitrary: fc.bigInt().map(String) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 20_000 }).map(nested) },
);

function nested(depth: number): string {
  return `${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`;
}
