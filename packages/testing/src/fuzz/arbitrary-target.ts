import * as fc from 'fast-check';

import type { ApiOperation } from './api-document.ts';
import { bytesOf, percentEncode } from './bytes-of.ts';
import { fittingValue } from './fitting-value.ts';
import { type FuzzWorld, idsFor } from './fuzz-world.ts';
import { hostileText } from './hostile.ts';
import { mostly } from './mostly.ts';

const UNKNOWN_IDS = ['01a20d39-27c1-753f-87f4-75c6d5717b06', '00000000-0000-0000-0000-000000000000', '1'];

/** What stands in the request line: the operation's path and query, or something like them. */
export function arbitraryTarget(operation: ApiOperation, world: FuzzWorld): fc.Arbitrary<string> {
  return fc.tuple(path(operation, world), query(operation, world)).chain((parts) => bent(parts.join('')));
}

function path({ path: template }: ApiOperation, { own, foreign }: FuzzWorld): fc.Arbitrary<string> {
  const [ownIds, foreignIds] = [idsFor(template, own), idsFor(template, foreign)];
  const parameters = ownIds.map((id, at) =>
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...(id === '' ? UNKNOWN_IDS : [id])) },
      { weight: 2, arbitrary: fc.constantFrom(foreignIds[at] ?? '', ...UNKNOWN_IDS) },
      { weight: 2, arbitrary: hostileText.map(percentEncode) },
    ),
  );
  return fc.tuple(...parameters).map((ids) => {
    let at = 0;
    return template.replaceAll(/\{\w+\}/g, () => ids[at++] ?? '');
  });
}

/** Ways to write a target that no client would choose. */
function bent(target: string): fc.Arbitrary<string> {
  const wrong = fc.oneof(
    fc.constantFrom(
      `/${target}`,
      target.replaceAll('/', '//'),
      target.replace('/', '/%2e%2e/'),
      target.replace('/', '/../'),
      target.replace('?', '/?'),
      `${target}%00`,
      `${target}/%2f`,
      `${target}#fragment`,
      target.toUpperCase(),
      target.slice(1),
      `http://example.com${target}`,
      `//example.com${target}`,
      `http://[${target}`,
      `http://example.com:port${target}`,
      '*',
      '',
      `${target}?${'a=1&'.repeat(1_500)}`,
      `${target}${'/x'.repeat(5_000)}`,
      `${target}${'x'.repeat(20_000)}`,
    ),
    hostileText.map((text) => `${target}${bytesOf(text)}`),
  );
  return mostly(14, target, wrong);
}

function query({ query: parameters }: ApiOperation, { likely }: FuzzWorld): fc.Arbitrary<string> {
  const fitting = parameters.map(({ name, schema }) =>
    fittingValue(schema, name, likely).map((value) => `${name}=${percentEncode(String(value))}`),
  );
  const names = parameters.map(({ name }) => name);
  const hostile = fc
    .tuple(fc.constantFrom(...names, 'unknown', '__proto__', 'a[]', 'a[b]', 'limit', ''), hostileText)
    .map(([name, text]) => `${name}=${percentEncode(text)}`);
  const raw = hostileText.map((text) => bytesOf(text).replaceAll(' ', '+'));
  return fc
    .tuple(
      fc.subarray(fitting).chain((some) => fc.tuple(...some)),
      fc.oneof(
        { weight: 6, arbitrary: fc.constant([]) },
        { weight: 2, arbitrary: fc.array(hostile, { maxLength: 3 }) },
        { weight: 1, arbitrary: fc.tuple(raw) },
      ),
    )
    .map(([some, others]) => [...some, ...others].join('&'))
    .map((text) => (text === '' ? '' : `?${text}`));
}
