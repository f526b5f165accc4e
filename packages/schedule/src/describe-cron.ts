import { toString as inEnglish } from 'cronstrue';
import { type CronField, DAY_OF_MONTH, DAY_OF_WEEK, HOUR, MINUTE, MONTH } from './cron-field.ts';
import { cronExpression } from './cron.ts';
import { asRanges, listed, stepOf, stepped, valuesIn } from './describe-values.ts';
import { parseField } from './parse-field.ts';

// As many times of day as are listed one by one.
const MOST_TIMES = 6;
const SPECIAL = /[LW#]/;

// Joins times as cronstrue does: 01:00, 02:00 and 03:00.
const series = new Intl.ListFormat('en-GB');

/**
 * A cron schedule in plain English, by a 24-hour clock: `At 15:30, only on Friday`. The words are cronstrue's. It puts
 * each field into words as it is written, though, which is not always what the field means (a step of 40 in the minutes
 * is not "every 40 minutes"), so it gets the fields in a form in which it is, and one restriction of the day at a time.
 *
 * @param text five valid fields, or a name such as `@hourly`
 */
export function describeCron(text: string): string {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = cronExpression(text).split(' ');
  const parts = [
    describeTimes(valuesIn(minute, MINUTE), valuesIn(hour, HOUR)),
    describeDays(day, weekday),
    dateWords(`* ${listed(valuesIn(month, MONTH), MONTH)} *`),
  ];
  const description = parts.filter((part) => part !== '').join(', ');
  const timesOnly = /^At [\d:, and]+$/.test(description);
  return timesOnly ? `${description}, every day` : description;
}

function describeTimes(minutes: number[], hours: number[]): string {
  if (minutes.length * hours.length <= MOST_TIMES) {
    const times = hours.flatMap((hour) => minutes.map((minute) => clockTime(hour, minute)));
    return `At ${series.format(times)}`;
  }
  if (hours.length === HOUR.size) return words(`${stepped(minutes, MINUTE)} * * * *`);
  if (minutes.length === 1) return words(`${minutes.join()} ${hoursOfOneMinute(minutes, hours)} * * *`);
  return describeMinutesOfSomeHours(minutes, hours);
}

/** `At 15 minutes past the hour, between 09:00 and 17:59`, and not `at 23:00` for 23:15. */
function hoursOfOneMinute(minutes: number[], hours: number[]): string {
  const field = stepped(hours, HOUR);
  const mixed = field.includes('-') && field.includes(',');
  return mixed && !minutes.includes(0) ? asRanges(hours) : field;
}

/** `Every 15 minutes, between 09:00 and 17:59`: the hours are stretches of time, which "at 09:00" would not say. */
function describeMinutesOfSomeHours(minutes: number[], hours: number[]): string {
  const field = stepped(minutes, MINUTE);
  const step = stepOf(hours);
  if (step > 1 && hours.length > MOST_TIMES) {
    const [first = 0, last = 0] = [hours[0], hours.at(-1)];
    const end = last + step < HOUR.size ? ` through ${clockTime(last, 59)}` : '';
    return `${words(`${field} * * * *`)}, in every ${step === 2 ? '2nd' : '3rd'} hour from ${clockTime(first, 0)}${end}`;
  }
  return words(`${field} ${asRanges(hours)} * * *`);
}

/** The days of the month, of the week, or either (SPEC 2); empty if that is every day. */
function describeDays(dayText: string, weekdayText: string): string {
  const days = daysIn(dayText, DAY_OF_MONTH);
  const weekdays = daysIn(weekdayText, DAY_OF_WEEK);
  if (days.complete || weekdays.complete) return '';
  const inMonth = days.parts.map((part) => dateWords(`${part} * *`)).join(' and ');
  const inWeek = weekdays.parts.map((part) => dateWords(`* * ${part}`)).join(' and ');
  if (inMonth === '' || inWeek === '') return inMonth + inWeek;
  return `${inMonth} and also ${inWeek.replace(/^only /, '')}`;
}

interface Days {
  /** Whether the field names every day, which is more than to leave the choice to the other of the two fields. */
  readonly complete: boolean;
  /** What cronstrue puts into words at once: the plain days, and each `L`, `W` and `#`. None if nothing is restricted. */
  readonly parts: readonly string[];
}

function daysIn(text: string, field: CronField): Days {
  const parsed = parseField(text, field, text);
  if (parsed.any) return { complete: false, parts: [] };
  // 0 and 7 are both Sunday.
  const items = parsed.text.split(',').map((item) => item.replace(/^0(?=[L#])/, '7'));
  const special = items.filter((item) => SPECIAL.test(item));
  const plain = items.filter((item) => !SPECIAL.test(item)).join(',');
  if (plain === '') return { complete: false, parts: [...new Set(special)] };
  const days = valuesIn(plain, field);
  return {
    complete: days.length === field.size,
    parts: [field === DAY_OF_WEEK ? listed(days, field) : stepped(days, field), ...new Set(special)],
  };
}

function words(pattern: string): string {
  return inEnglish(pattern, { use24HourTimeFormat: true });
}

/** What cronstrue says about day, month and weekday; empty if they restrict nothing. */
function dateWords(fields: string): string {
  return words(`0 0 ${fields}`).replace(/^At 00:00(?:, )?/, '');
}

function clockTime(hour: number, minute: number): string {
  return [hour, minute].map((value) => String(value).padStart(2, '0')).join(':');
}
