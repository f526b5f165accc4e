import { atOccurrence } from './at.ts';
import { describeCron } from './describe-cron.ts';
import { parseDuration } from './duration.ts';
import type { Schedule } from './schedule.ts';

const MICROSECONDS = 1_000;
const SECOND = 1_000 * MICROSECONDS;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
// "Every day" is said of the calendar; an interval of 24 hours is not one of its days where clocks change.
const FEWEST_DAYS = 2;

/**
 * The schedule in plain English, by a 24-hour clock: `At 15:30, only on Friday`, `Every 1 hour 30 minutes`,
 * `Once, at 2026-01-01 00:00:00 UTC`.
 */
export function describeSchedule(schedule: Schedule): string {
  const argument = schedule.text.slice(schedule.text.indexOf(' ') + 1);
  switch (schedule.kind) {
    case 'cron':
      return describeCron(schedule.text);
    case 'every':
      return describeInterval(parseDuration(argument.toLowerCase()));
    case 'at':
      return describeInstant(argument);
  }
}

function describeInterval(milliseconds: number): string {
  // Nanoseconds are left out: an occurrence is not more exact than a millisecond.
  const length = Math.round(milliseconds * MICROSECONDS);
  const dayLength = length < FEWEST_DAYS * DAY ? Infinity : DAY;
  const parts: [count: number, unit: string][] = [
    [Math.floor(length / dayLength), 'day'],
    [Math.floor((length % dayLength) / HOUR), 'hour'],
    [Math.floor((length % HOUR) / MINUTE), 'minute'],
    [(length % MINUTE) / SECOND, 'second'],
  ];
  const named = parts.filter(([count]) => count > 0);
  const words = named.map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`);
  return `Every ${words.length === 1 ? words.join('').replace(/^1 /, '') : words.join(' ')}`;
}

function describeInstant(instant: string): string {
  const time = atOccurrence(instant, instant)(-Infinity, 0) ?? 0;
  const [date, clock] = new Date(time).toISOString().split('T');
  return `Once, at ${date} ${clock?.replace(/(?:\.000)?Z$/, '')} UTC`;
}
