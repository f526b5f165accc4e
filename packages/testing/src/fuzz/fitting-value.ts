import * as fc from 'fast-check';

import type { JsonSchema } from './api-document.ts';

/** Values by the name of the field that takes them, where a schema does not say what leads anywhere. */
export type LikelyValues = Readonly<Record<string, readonly unknown[]>>;

/** A value that the schema takes, as far as it says so. */
export function fittingValue(schema: JsonSchema, name: string, likely: LikelyValues): fc.Arbitrary<unknown> {
  const known = Object.hasOwn(likely, name) ? likely[name] : undefined;
  if (known !== undefined) return fc.constantFrom(...known);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((each) => fittingValue(each, name, likely)));
  const types = [schema.type ?? 'string'].flat();
  return fc.oneof(...types.map((type) => valueOfType(type, schema, likely)));
}

function valueOfType(type: string, schema: JsonSchema, likely: LikelyValues): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return numberWithin(schema);
    case 'array':
      return fc.array(fittingValue(schema.items ?? {}, '', likely), { maxLength: schema.maxItems ?? 3 });
    case 'object':
      return fittingObject(schema, likely);
    default:
      return textWithin(schema);
  }
}

function numberWithin({ minimum = 0, maximum = 1_000 }: JsonSchema): fc.Arbitrary<number> {
  return fc.integer({ min: minimum, max: Math.min(maximum, 2 ** 31 - 1) });
}

function textWithin({ minLength = 1, maxLength = 20 }: JsonSchema): fc.Arbitrary<string> {
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 20)) });
}

/** An object with the fields that are required, and some of the others; of an open one anything. */
export function fittingObject(schema: JsonSchema, likely: LikelyValues): fc.Arbitrary<object> {
  const { properties, required = [] } = schema;
  if (properties === undefined) return fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 });
  const fields = Object.entries(properties).map(
    ([name, property]) => [name, fittingValue(property, name, likely)] as const,
  );
  return fc.record<Record<string, unknown>, string>(Object.fromEntries(fields), {
    requiredKeys: required.filter((name) => Object.hasOwn(properties, name)),
  });
}
