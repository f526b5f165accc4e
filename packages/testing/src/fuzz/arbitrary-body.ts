import { gzipSync } from 'node:zlib';

import * as fc from 'fast-check';

import type { JsonSchema } from './api-document.ts';
import { fittingObject } from './fitting-value.ts';
import type { FuzzWorld } from './fuzz-world.ts';
import { hostileJson, hostileText } from './hostile.ts';

const LARGE = `{"name":"${'x'.repeat(300_000)}"}`;

/** A body that the schema would take, or one with something wrong, or none. */
export function arbitraryBody(schema: JsonSchema, { likely }: FuzzWorld): fc.Arbitrary<Buffer | null> {
  const fitting = fittingObject(schema, likely).map(fieldsOf);
  const names = Object.keys(schema.properties ?? {});
  const withHostile = fc
    .tuple(fitting, fc.constantFrom(...names, 'unknown', '__proto__', 'constructor', ''), hostileJson)
    .map(([fields, name, json]) => [...fields.filter((field) => field[0] !== name), [name, json] as const]);
  const json = fc.oneof(
    { weight: 5, arbitrary: fitting.map(toJson) },
    { weight: 5, arbitrary: withHostile.map(toJson) },
    { weight: 1, arbitrary: hostileJson },
    {
      weight: 1,
      arbitrary: fc.tuple(fitting.map(toJson), fc.nat(200)).map(([text, at]) => text.slice(0, at)),
    },
    { weight: 1, arbitrary: fc.tuple(fitting.map(toJson), hostileText).map((texts) => texts.join('')) },
  );
  return fc.oneof(
    { weight: 40, arbitrary: json.map((text) => Buffer.from(text)) },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: json.map((text) => gzipSync(text)) },
    { weight: 1, arbitrary: fc.constantFrom(null, Buffer.alloc(0), Buffer.from(LARGE)) },
  );
}

/** A small body where none is asked for: nobody reads it, and what is large would break the connection over the answer. */
export const seldomBody: fc.Arbitrary<Buffer | null> = fc.oneof(
  { weight: 10, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: hostileText.map((text) => Buffer.from(text)) },
);

type Field = readonly [name: string, json: string];

function fieldsOf(value: object): Field[] {
  return Object.entries(value).map(([name, field]) => [name, JSON.stringify(field)]);
}

function toJson(fields: readonly Field[]): string {
  return `{${fields.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;
}
