import { DAY_OF_MONTH, DAY_OF_WEEK, HOUR, MINUTE, MONTH } from './cron-field.ts';
import { parseField, type ParsedField, valuesOf } from './parse-field.ts';
import { ScheduleError } from './schedule-error.ts';

/** Five checked fields of cron. */
export interface CronPattern {
  /** The expression in numbers, as croner is to read it. */
  readonly text: string;
  /** Neither wildcard nor step in minute and hour: what decides how the job meets a change of the clocks (SPEC 2). */
  readonly fixedTime: boolean;
  /** False if the calendar has no such day, as in `0 0 31 2 *`. */
  readonly satisfiable: boolean;
}

const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads the five fields of cron: numbers, lists, ranges, steps, names, `L`, `W`, `#` and `?` (SPEC 2).
 *
 * @param text with single spaces between the fields
 * @throws {ScheduleError} `schedule "X" must contain 5 fields`, or a message that names the field and its value
 */
export function parseCronPattern(text: string): CronPattern {
  const [minuteText, hourText, dayText, monthText, weekdayText, ...more] = text.split(' ');
  if (
    minuteText === undefined ||
    hourText === undefined ||
    dayText === undefined ||
    monthText === undefined ||
    weekdayText === undefined ||
    more.length > 0
  ) {
    throw new ScheduleError(`schedule "${text}" must contain 5 fields`, text);
  }
  const minute = parseField(minuteText, MINUTE, text);
  const hour = parseField(hourText, HOUR, text);
  const day = parseField(dayText, DAY_OF_MONTH, text);
  const month = parseField(monthText, MONTH, text);
  const weekday = parseField(weekdayText, DAY_OF_WEEK, text);
  return {
    text: [minute, hour, day, month, weekday].map((field) => field.text).join(' '),
    fixedTime: !/[*/]/.test(minute.text + hour.text),
    satisfiable: !weekday.any || hasDay(day, month),
  };
}

/** Whether the earliest of these days exists in the longest of these months. A weekday exists in any month. */
function hasDay(day: ParsedField, month: ParsedField): boolean {
  const earliest = Math.min(...day.parts.map((part) => part.from));
  return valuesOf(month).some((value) => earliest <= (LONGEST_MONTHS[value - 1] ?? 0));
}
