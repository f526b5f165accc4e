import { parseCronPattern } from './cron-pattern.ts';
import { type CountWallTimes, matchingTimes } from './matching-times.ts';
import { offsetPeriods, type OffsetPeriod } from './offset-periods.ts';

const DAY = 86_400_000;

/**
 * Counts the occurrences of five-field cron. Their number follows from the fields and from the changes of the clocks,
 * by SPEC 2's rules.
 *
 * @param zone name of the time zone whose clocks the fields refer to
 */
export function countCron(expression: string, zone: string): (after: number, until: number) => number {
  const pattern = parseCronPattern(expression);
  const countTimes = matchingTimes(pattern);
  if (!pattern.fixedTime) {
    return (after, until) => countShown(countTimes, offsetPeriods(zone, after + 1, until));
  }
  return (after, until) => {
    // Clocks never turn back by more than a day.
    const earlier = offsetPeriods(zone, after - DAY, after);
    const latest = Math.max(...earlier.map(({ last, offset }) => last + offset));
    return countReached(countTimes, offsetPeriods(zone, after + 1, until), latest);
  };
}

/** A wildcard job runs whenever the clock shows a matching time: not in the skipped hour, and twice in the repeated. */
function countShown(countTimes: CountWallTimes, periods: readonly OffsetPeriod[]): number {
  let count = 0;
  for (const { first, last, offset } of periods) count += countTimes(first - 1 + offset, last + offset);
  return count;
}

/**
 * A fixed-time job runs when the clock reaches a matching time for the first time. All those that it skips are reached
 * at the same instant, and make one run.
 *
 * @param latest the latest time that the clock has shown before
 */
function countReached(countTimes: CountWallTimes, periods: readonly OffsetPeriod[], latest: number): number {
  let count = 0;
  let shown = latest;
  for (const { first, last, offset } of periods) {
    count += Math.min(1, countTimes(shown, first + offset));
    shown = Math.max(shown, first + offset);
    count += countTimes(shown, last + offset);
    shown = Math.max(shown, last + offset);
  }
  return count;
}
