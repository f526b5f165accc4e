/**
 * The first occurrence strictly later than `after`, or null if there is none within the search window. All are
 * milliseconds since the epoch; `anchor` is what `@every` counts from and means nothing to the other kinds.
 */
export type NextOccurrence = (after: number, anchor: number) => number | null;
