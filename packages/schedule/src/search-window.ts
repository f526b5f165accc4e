const WINDOW_YEARS = 5;

/**
 * The last instant at which an occurrence still counts as found when asked for the next one later than `after`:
 * five calendar years on (SPEC 2). Both are milliseconds since the epoch.
 */
export function endOfSearchWindow(after: number): number {
  const end = new Date(after);
  return end.setUTCFullYear(end.getUTCFullYear() + WINDOW_YEARS);
}
