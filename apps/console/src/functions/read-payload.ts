import type { JsonObject } from '../api/json-value.ts';

/** The JSON object that a text stands for, nothing being an empty one; null if it is none. */
export function readPayload(text: string): JsonObject | null {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
