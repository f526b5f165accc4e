import { parseDuration } from './duration.ts';
import { nthOccurrence } from './every.ts';

/**
 * Counts the occurrences of `@every <duration>`: anchor + n × interval with n ≥ 0, each rounded down to a millisecond.
 *
 * @param duration what follows `@every`
 */
export function countEvery(duration: string, anchor: number): (after: number, until: number) => number {
  const interval = parseDuration(duration.toLowerCase());
  return (after, until) => countWithin(interval, until - anchor) - countWithin(interval, after - anchor);
}

/** How many have occurred by the time that `elapsed` milliseconds have passed since the anchor, which is the first. */
function countWithin(interval: number, elapsed: number): number {
  if (elapsed < 0) return 0;
  const occurrence = nthOccurrence(interval);
  let n = Math.floor(elapsed / interval);
  // With a fraction of a millisecond in the interval, the next one is rounded down, too.
  while (occurrence(n) <= elapsed) n += 1;
  return n;
}
