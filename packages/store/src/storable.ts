/** What JSON.stringify makes of characters that PostgreSQL can't hold: NUL and halves of surrogate pairs. */
const UNSTORABLE_ESCAPE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/**
 * A value as JSON that jsonb takes. Functions may answer any text; what PostgreSQL can't hold of it (NUL, halves of
 * surrogate pairs) is replaced by U+FFFD, since an outcome has to be recorded whatever is in it.
 */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!UNSTORABLE_ESCAPE.test(json)) return json;
  return JSON.stringify(value, (_key, each: unknown) => storableValue(each));
}

/** A text that PostgreSQL takes. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

function storableValue(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [storableText(key), each]));
}
