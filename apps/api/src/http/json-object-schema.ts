import type { JsonObject, JsonValue } from '@automation/domain';
import { isJsonObject, MAX_JSON_DEPTH } from '@automation/domain';
import Joi from 'joi';

/** A JSON object of at most `maxKibibytes` that PostgreSQL can store as jsonb. */
export function jsonObjectSchema(maxKibibytes: number): Joi.ObjectSchema<JsonObject> {
  return Joi.object<JsonObject>()
    .unknown()
    .description(`A JSON object of at most ${maxKibibytes} KiB.`)
    .custom((value: JsonObject, helpers) => {
      const fault = faultOf(value, 1) ?? sizeFault(value, maxKibibytes);
      return fault === null ? value : helpers.message({ custom: `{{#label}} ${fault}` });
    });
}

function faultOf(value: JsonValue, depth: number): string | null {
  if (typeof value === 'string') return textFault(value);
  // JSON.parse reads 1e400 as Infinity, which no JSON can say.
  if (typeof value === 'number')
    return Number.isFinite(value) ? null : 'must not contain numbers beyond 1e308';
  if (!Array.isArray(value) && !isJsonObject(value)) return null;
  if (depth > MAX_JSON_DEPTH) return `must not be nested deeper than ${MAX_JSON_DEPTH} levels`;
  for (const [key, entry] of Object.entries(value)) {
    const fault = textFault(key) ?? faultOf(entry, depth + 1);
    if (fault !== null) return fault;
  }
  return null;
}

function textFault(text: string): string | null {
  return text.isWellFormed() && !text.includes('\0') ? null : 'must contain Unicode text without NUL only';
}

function sizeFault(value: JsonObject, maxKibibytes: number): string | null {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  return bytes <= maxKibibytes * 1024 ? null : `must not be larger than ${maxKibibytes} KiB`;
}
