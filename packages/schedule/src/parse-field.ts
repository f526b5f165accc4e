import { type CronField, DAY_OF_MONTH, DAY_OF_WEEK } from './cron-field.ts';
import { ScheduleError } from './schedule-error.ts';

/** One item of a field's list. */
interface FieldPart {
  /** The part in numbers, as croner is to read it. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** A field that has been checked, so that croner does not find fault with it. */
export interface ParsedField {
  /** The field in numbers, as croner is to read it. */
  readonly text: string;
  /** Whether the field is `*` or `?`, which restricts nothing. */
  readonly any: boolean;
  readonly parts: readonly FieldPart[];
}

interface Source {
  readonly field: CronField;
  /** The schedule that the field is part of, for errors. */
  readonly schedule: string;
}

const RANGE = /^(?:\*|([a-z]{3}|\d+)(?:-([a-z]{3}|\d+))?)(?:\/(\d+))?$/i;
const SUNDAY = 7;
const MOST_WEEKS = 5;

/**
 * Checks one field of a cron expression, and writes its names as numbers.
 *
 * @throws {ScheduleError} a message that names the field and the value, such as `minute "61" is out of range 0-59`
 */
export function parseField(text: string, field: CronField, schedule: string): ParsedField {
  if (text === '*' || field.whole?.test(text) === true) {
    const any = text === '*' || text === '?';
    return { text: any ? '*' : text.toUpperCase(), any, parts: [everyValue(field)] };
  }
  const source = { field, schedule };
  const parts = text.split(',').map((part) => parsePart(part === '' ? text : part, source));
  return { text: parts.map((part) => part.text).join(','), any: false, parts };
}

/** Every value that the field's list of numbers and ranges selects. */
export function valuesOf(parsed: ParsedField): number[] {
  return parsed.parts.flatMap(({ from, to, step }) =>
    Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, n) => from + n * step),
  );
}

function everyValue(field: CronField): FieldPart {
  // croner takes a `*` anywhere in the days of the month for the whole field, as soon as there is an L beside it.
  const text = field === DAY_OF_MONTH ? `${field.min}-${field.max}` : '*';
  return { text, from: field.min, to: field.max, step: 1 };
}

function parsePart(part: string, source: Source): FieldPart {
  const special = source.field.special?.exec(part);
  if (special) return parseSpecial(part, special, source);
  const range = RANGE.exec(part);
  if (range === null) throw refusal(part, 'is malformed', source);
  return parseRange(part, range, source);
}

/** `L` and `15W` among the days of the month, `FRIL` and `MON#2` among those of the week. */
function parseSpecial(part: string, match: RegExpExecArray, source: Source): FieldPart {
  const [, value, nth = '1'] = match;
  if (value === undefined) return { text: 'L', from: 1, to: 1, step: 1 };
  if (Number(nth) < 1 || Number(nth) > MOST_WEEKS) {
    throw refusal(part, `is out of range #1-#${MOST_WEEKS}`, source);
  }
  const from = numberOf(value, part, source);
  const modifier = part.slice(value.length).toUpperCase();
  return {
    text: `${from}${modifier.startsWith('#') ? `#${Number(nth)}` : modifier}`,
    from,
    to: from,
    step: 1,
  };
}

function parseRange(part: string, match: RegExpExecArray, source: Source): FieldPart {
  const { field } = source;
  const [, first, last, stepText] = match;
  const step = stepText === undefined ? 1 : Number(stepText);
  if (step < 1 || step > field.size) throw refusal(part, `has a step out of range 1-${field.size}`, source);
  const suffix = stepText === undefined ? '' : `/${step}`;
  if (first === undefined) {
    return stepText === undefined ? everyValue(field) : { ...everyValue(field), text: `*${suffix}`, step };
  }

  const from = numberOf(first, part, source);
  if (last !== undefined) {
    const to = endOfRange([first, last], part, source);
    if (from > to) throw refusal(part, 'runs backwards', source);
    return { text: `${from}-${to}${suffix}`, from, to, step };
  }
  if (stepText === undefined) return { text: String(from), from, to: from, step };
  // 0 and 7 are both Sunday, and croner would find nothing to step through from 7 on.
  const start = field === DAY_OF_WEEK && from === SUNDAY ? field.min : from;
  return { text: `${start}${suffix}`, from: start, to: field.max, step };
}

/** A range of several days ends on the Sunday that follows the others: `FRI-SUN`. */
function endOfRange([first, last]: [string, string], part: string, source: Source): number {
  const isSunday = (text: string): boolean => source.field === DAY_OF_WEEK && text.toUpperCase() === 'SUN';
  return isSunday(last) && !isSunday(first) ? SUNDAY : numberOf(last, part, source);
}

function numberOf(text: string, part: string, source: Source): number {
  const { min, max, names } = source.field;
  if (/^\d/.test(text)) {
    const number = Number(text);
    if (number < min || number > max) throw refusal(part, `is out of range ${min}-${max}`, source);
    return number;
  }
  const index = names.indexOf(text.toUpperCase());
  if (index === -1) throw refusal(part, 'is malformed', source);
  return min + index;
}

function refusal(part: string, problem: string, { field, schedule }: Source): ScheduleError {
  return new ScheduleError(`schedule "${schedule}": ${field.name} "${part}" ${problem}`, schedule);
}
