import { type CountOccurrences, occurrenceCounter } from './occurrence-counter.ts';
import type { Schedule } from './schedule.ts';

const MINUTE = 60_000;
const GROWTH = 16;
// Inside the search window, so that `schedule.next` finds what is counted.
const LONGEST_STEP = 4 * 365 * 24 * 60 * MINUTE;

/**
 * The last occurrence with after < occurrence <= until; null if there is none. It looks further and further back from
 * `until` for some occurrences, then closer and closer to it until one is left. Counting is cheap next to searching, so
 * that a single search, from right before it, is all it takes.
 */
export function lastOccurrence(
  schedule: Schedule,
  span: { after: Date; until: Date; anchor: Date },
): Date | null {
  const after = span.after.getTime();
  const count = occurrenceCounter(schedule, span.anchor);
  let end = span.until.getTime();
  let step = MINUTE;
  while (end > after) {
    const start = Math.max(after, end - step);
    const found = count(start, end);
    if (found > 0) return schedule.next(new Date(startOfLast(count, found, { start, end })), span.anchor);
    end = start;
    step = Math.min(step * GROWTH, LONGEST_STEP);
  }
  return null;
}

/** Halves a span with some occurrences until only the last of them is in it. */
function startOfLast(count: CountOccurrences, found: number, span: { start: number; end: number }): number {
  let { start, end } = span;
  let left = found;
  while (left > 1) {
    const middle = Math.floor((start + end) / 2);
    const later = count(middle, end);
    if (later > 0) {
      start = middle;
      left = later;
    } else {
      end = middle;
    }
  }
  return start;
}
