import type { ParsedField } from './parse-field.ts';
import { valuesOf } from './parse-field.ts';

/** How many days of the calendar match, from one day up to but not including another; counted from 1970-01-01. */
export type CountDays = (from: number, to: number) => number;

interface Month {
  readonly length: number;
  /** Weekday of the first day; 0 is Sunday. */
  readonly startsOn: number;
}

type DayTest = (day: number, month: Month) => boolean;

const DAY = 86_400_000;
const WEEK = 7;
const SATURDAY = 6;

/** Counts the days that the three day fields of cron select (SPEC 2). */
export function matchingDays(fields: {
  readonly day: ParsedField;
  readonly month: ParsedField;
  readonly weekday: ParsedField;
}): CountDays {
  if (fields.day.any && fields.month.any && fields.weekday.any) return (from, to) => to - from;
  const months = new Set(valuesOf(fields.month));
  const matches = dayTest(fields.day, fields.weekday);

  return (from, to) => {
    let count = 0;
    let day = from;
    while (day < to) {
      const { number, first, month } = monthOf(day);
      const end = Math.min(first + month.length, to);
      if (months.has(number)) {
        for (let n = day; n < end; n++) if (matches(n - first + 1, month)) count += 1;
      }
      day = end;
    }
    return count;
  };
}

function monthOf(day: number): { number: number; first: number; month: Month } {
  const date = new Date(day * DAY);
  const number = date.getUTCMonth() + 1;
  const start = date.setUTCDate(1);
  const startsOn = date.getUTCDay();
  const length = (date.setUTCMonth(number) - start) / DAY;
  return { number, first: start / DAY, month: { length, startsOn } };
}

/** Both fields restricted: either matches. */
function dayTest(day: ParsedField, weekday: ParsedField): DayTest {
  const ofMonth = day.text === 'LW' ? [isLastWorkday] : day.parts.map(dayOfMonth);
  const ofWeek = weekday.parts.map(dayOfWeek);
  if (day.any) return anyOf(ofWeek);
  return weekday.any ? anyOf(ofMonth) : anyOf([...ofMonth, ...ofWeek]);
}

function anyOf(tests: readonly DayTest[]): DayTest {
  return (day, month) => tests.some((test) => test(day, month));
}

type Part = ParsedField['parts'][number];

function dayOfMonth(part: Part): DayTest {
  if (part.text === 'L') return (day, month) => day === month.length;
  if (part.text.endsWith('W')) return (day, month) => day === nearestWorkday(part.from, month);
  return (day) => selects(part, day);
}

function isLastWorkday(day: number, month: Month): boolean {
  return day === nearestWorkday(month.length, month);
}

/** Monday to Friday, and in the same month; null if the month has no such day. */
function nearestWorkday(day: number, month: Month): number | null {
  if (day > month.length) return null;
  const weekday = weekdayOf(day, month);
  if (weekday === SATURDAY) return day === 1 ? day + 2 : day - 1;
  if (weekday === 0) return day === month.length ? day - 2 : day + 1;
  return day;
}

function dayOfWeek(part: Part): DayTest {
  const [, nth] = part.text.split('#').map(Number);
  const weekday = part.from % WEEK;
  if (nth !== undefined) {
    return (day, month) => weekdayOf(day, month) === weekday && Math.ceil(day / WEEK) === nth;
  }
  if (part.text.endsWith('L')) {
    return (day, month) => weekdayOf(day, month) === weekday && day + WEEK > month.length;
  }
  // A step without an end counts through a week that ends on Saturday.
  const values = /^[*\d]+\//.test(part.text) ? { ...part, to: SATURDAY } : part;
  return (day, month) => {
    const value = weekdayOf(day, month);
    return selects(values, value) || (value === 0 && selects(values, WEEK));
  };
}

function weekdayOf(day: number, month: Month): number {
  return (month.startsOn + day - 1) % WEEK;
}

function selects({ from, to, step }: Part, value: number): boolean {
  return value >= from && value <= to && (value - from) % step === 0;
}
