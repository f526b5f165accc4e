import type { NextOccurrence } from './next-occurrence.ts';
import { ScheduleError } from './schedule-error.ts';

const RFC_3339 = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/i;
const MINUTE = 60_000;

/**
 * The one occurrence of `@at <instant>` (SPEC 2). The instant carries its own offset, so the time zone of the
 * schedule plays no part in it.
 *
 * @param instant what follows `@at`
 * @param schedule the whole schedule, for the error
 * @throws {ScheduleError} if the instant is not strictly RFC 3339, or no real date and time
 */
export function atOccurrence(instant: string, schedule: string): NextOccurrence {
  const time = parseInstant(instant);
  if (time === null) {
    throw new ScheduleError(
      `schedule "${schedule}": instant "${instant}" is not an RFC 3339 date and time`,
      schedule,
    );
  }
  return (after) => (time > after ? time : null);
}

function parseInstant(text: string): number | null {
  const match = RFC_3339.exec(text);
  if (match === null) return null;
  const [, date = '', time = '', fraction = '.', sign = '+', hours = '0', minutes = '0'] = match;
  const local = `${date}T${time}.${fraction.slice(1, 4).padEnd(3, '0')}Z`;
  const parsed = new Date(local);
  // Date turns 30 February into 2 March and 24:00 into the next day: only what reads back the same is real.
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString() !== local) return null;
  const offset = (Number(hours) * 60 + Number(minutes)) * MINUTE;
  return parsed.getTime() - (sign === '-' ? -offset : offset);
}
