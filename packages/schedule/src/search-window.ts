const WINDOW_YEARS = 5;
const DAY = 86_400_000;
const SHORTEST_WINDOW = WINDOW_YEARS * 365 * DAY;

/** No search window is longer. In milliseconds. */
export const LONGEST_WINDOW = SHORTEST_WINDOW + 2 * DAY;

/**
 * The last instant at which an occurrence still counts as found when asked for the next one later than `after`:
 * five calendar years on (SPEC 2). Both are milliseconds since the epoch.
 */
export function endOfSearchWindow(after: number): number {
  const end = new Date(after);
  return end.setUTCFullYear(end.getUTCFullYear() + WINDOW_YEARS);
}

/** Whether an occurrence at `next` counts as found. Nearly all do without a look at the calendar, which takes longer. */
export function isInSearchWindow(next: number, after: number): boolean {
  return next - after <= SHORTEST_WINDOW || next <= endOfSearchWindow(after);
}
