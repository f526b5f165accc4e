import { type CronField, DAY_OF_MONTH, DAY_OF_WEEK, HOUR, MINUTE, MONTH } from './cron-field.ts';
import type { CronPattern } from './cron-pattern.ts';
import { matchingDays } from './matching-days.ts';
import { parseField, valuesOf } from './parse-field.ts';

/** How many wall times match with after < wall time <= until; 0 if they are the wrong way round. */
export type CountWallTimes = (after: number, until: number) => number;

const MINUTE_LENGTH = 60_000;
const DAY_LENGTH = 86_400_000;

/** Counts the times at which a pattern runs by a clock that never changes. A wall time is written as in UTC. */
export function matchingTimes(pattern: CronPattern): CountWallTimes {
  const fields = pattern.text.split(' ');
  const read = (index: number, field: CronField) => parseField(fields[index] ?? '', field, pattern.text);
  const countDays = matchingDays({
    day: read(2, DAY_OF_MONTH),
    month: read(3, MONTH),
    weekday: read(4, DAY_OF_WEEK),
  });
  const countMinutes = smallerValues(valuesOf(read(0, MINUTE)), MINUTE.size);
  const countHours = smallerValues(valuesOf(read(1, HOUR)), HOUR.size);
  const perHour = countMinutes(MINUTE.size);
  const perDay = countHours(HOUR.size) * perHour;

  /** How many of a matching day's times have been reached `elapsed` milliseconds after its beginning. */
  function reached(elapsed: number): number {
    const minutes = Math.floor(elapsed / MINUTE_LENGTH);
    const hour = Math.floor(minutes / MINUTE.size);
    const hours = countHours(hour);
    const isMatching = countHours(hour + 1) > hours;
    return hours * perHour + (isMatching ? countMinutes((minutes % MINUTE.size) + 1) : 0);
  }

  function reachedOn(day: number, wall: number): number {
    return countDays(day, day + 1) * reached(wall - day * DAY_LENGTH);
  }

  return (after, until) => {
    if (after >= until) return 0;
    const firstDay = Math.floor(after / DAY_LENGTH);
    const lastDay = Math.floor(until / DAY_LENGTH);
    return countDays(firstDay, lastDay) * perDay + reachedOn(lastDay, until) - reachedOn(firstDay, after);
  };
}

/** Answers how many of these values are smaller than a bound, up to `size`. */
function smallerValues(values: readonly number[], size: number): (bound: number) => number {
  const included = new Set(values);
  const counts = [0];
  for (let value = 0; value < size; value++)
    counts.push((counts[value] ?? 0) + (included.has(value) ? 1 : 0));
  return (bound) => counts[bound] ?? 0;
}
