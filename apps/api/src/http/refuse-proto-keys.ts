import { validationError } from '@automation/domain';

/** Deeper than anything that a schema takes. */
const DEEPEST = 70;

/**
 * Throws VALIDATION_ERROR if a key of the JSON is `__proto__`: a copy of the object would take it for its prototype, and
 * the user's field would be gone without a word.
 */
export function refuseProtoKeys(json: unknown): void {
  if (!hasProtoKey(json, 1)) return;
  const message = 'no key may be __proto__';
  throw validationError(message, [{ field: '__proto__', message }]);
}

function hasProtoKey(json: unknown, depth: number): boolean {
  if (typeof json !== 'object' || json === null || depth > DEEPEST) return false;
  if (Object.hasOwn(json, '__proto__')) return true;
  return Object.values(json).some((value) => hasProtoKey(value, depth + 1));
}
