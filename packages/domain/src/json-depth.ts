/** How many levels the JSON of users and functions may have; PostgreSQL fails on thousands, and a batch with it. */
export const MAX_JSON_DEPTH = 64;

/** Whether a JSON value has more levels than MAX_JSON_DEPTH; a flat object has one. */
export function isTooDeep(value: unknown): boolean {
  return hasMoreLevels(value, MAX_JSON_DEPTH);
}

function hasMoreLevels(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((entry) => hasMoreLevels(entry, levels - 1));
}
