import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

export type CheckAnswer = { shouldPerform: false } | { shouldPerform: true; performPayload: JsonObject };

/** Reads a check's output as the seed's runtime does (SPEC 3.6): saying nothing means perform. */
export function interpretCheck(output: JsonObject): CheckAnswer {
  if (!isTruthy(output['shouldPerform'])) return { shouldPerform: false };
  const payload = output['performPayload'];
  return { shouldPerform: true, performPayload: isJsonObject(payload) ? payload : {} };
}

function isTruthy(value: JsonValue | undefined): boolean {
  if (value === undefined || value === true) return true;
  if (typeof value === 'string') return value.toLowerCase() === 'true';
  return typeof value === 'number' && value !== 0;
}
