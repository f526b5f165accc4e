/** Keys that belong together are pressed within this time of each other. */
const LONGEST_PAUSE_MS = 1_000;

/**
 * Recognises keys that are pressed alone (`?`) or one after the other (`g j`).
 * @param sequences each its keys with a space between them; none is the beginning of another one
 * @returns takes a key and when it was pressed, and answers the sequence that ends with it; null if none does
 */
export function createKeySequence(
  sequences: readonly string[],
): (key: string, atMs: number) => string | null {
  let pressed = '';
  let lastMs = 0;
  return (key, atMs) => {
    const before = atMs - lastMs <= LONGEST_PAUSE_MS ? pressed : '';
    lastMs = atMs;
    // What goes on with nothing known may itself be a beginning.
    pressed = [`${before} ${key}`.trim(), key].find((keys) => isBeginning(keys)) ?? '';
    const complete = sequences.find((keys) => keys === pressed) ?? null;
    if (complete !== null) pressed = '';
    return complete;
  };

  function isBeginning(keys: string): boolean {
    return sequences.some((sequence) => `${sequence} `.startsWith(`${keys} `));
  }
}
