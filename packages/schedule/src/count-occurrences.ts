import { lastOccurrence } from './last-occurrence.ts';
import { occurrenceCounter } from './occurrence-counter.ts';
import type { Schedule } from './schedule.ts';
import { endOfSearchWindow } from './search-window.ts';

/**
 * The number of occurrences with after < occurrence <= until: as many as one finds by walking from one to the next
 * with `schedule.next`, which ends at a pause of more than five years (SPEC 2), but without the walk.
 */
export function countOccurrences(
  schedule: Schedule,
  span: { after: Date; until: Date; anchor: Date },
): number {
  const { until, anchor } = span;
  const countWithin = occurrenceCounter(schedule, anchor);
  let count = 0;
  let after: Date | null = span.after;
  while (after !== null && after < until) {
    const end: Date = new Date(Math.min(endOfSearchWindow(after.getTime()), until.getTime()));
    count += countWithin(after.getTime(), end.getTime());
    after = end < until ? lastOccurrence(schedule, { after, until: end, anchor }) : null;
  }
  return count;
}
