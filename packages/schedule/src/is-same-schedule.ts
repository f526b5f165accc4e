import type { Schedule } from './schedule.ts';

/**
 * Whether two schedules yield the same occurrences from the same anchor, as far as their text tells: case and white
 * space don't matter, and the time zone matters to cron alone.
 */
export function isSameSchedule(a: Schedule, b: Schedule): boolean {
  if (a.text.toLowerCase() !== b.text.toLowerCase()) return false;
  return a.kind !== 'cron' || a.timezone === b.timezone;
}
