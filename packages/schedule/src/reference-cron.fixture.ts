/**
 * Cron's five fields by the letter of SPEC 2, to compare with: no parser, no search and no table is shared with what is
 * under test. It takes valid text only.
 */
export interface ReferenceCron {
  /** Neither wildcard nor step in minute and hour. */
  readonly fixedTime: boolean;
  /** Whether it runs at this minute of a day on which it runs: 1,440 of them. */
  readonly minutes: readonly boolean[];
  /** Whether it runs on this day, counted from 1970-01-01. */
  runsOn(day: number): boolean;
}

interface CalendarDay {
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly daysInMonth: number;
}

type DayTest = (date: CalendarDay) => boolean;

const DAY = 86_400_000;
const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

/** Reads a valid cron expression. */
export function referenceCron(text: string): ReferenceCron {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = text.toUpperCase().split(' ');
  const [inMinutes, inHours] = [members(minute, 0, 59), members(hour, 0, 23)];
  const inMonths = members(numbered(month, MONTHS, 1), 1, 12);
  const matchesDay = daysOf(day, weekday);
  const known = new Map<number, boolean>();

  return {
    fixedTime: !/[*/]/.test(minute + hour),
    minutes: Array.from(
      { length: 24 * 60 },
      (_, n) => inHours.has(Math.floor(n / 60)) && inMinutes.has(n % 60),
    ),
    runsOn(number) {
      const kept = known.get(number);
      if (kept !== undefined) return kept;
      const date = calendarDay(number);
      const runs = inMonths.has(date.month) && matchesDay(date);
      known.set(number, runs);
      return runs;
    },
  };
}

/** Both day fields restricted: either matches. Otherwise the one that is restricted decides. */
function daysOf(day: string, weekday: string): DayTest {
  const ofMonth = anyOf(day.split(',').map(dayOfMonth));
  const ofWeek = anyOf(numbered(weekday, WEEKDAYS, 0).split(',').map(dayOfWeek));
  if (/^[*?]$/.test(day)) return ofWeek;
  if (/^[*?]$/.test(weekday)) return ofMonth;
  return anyOf([ofMonth, ofWeek]);
}

function anyOf(tests: DayTest[]): DayTest {
  return (date) => tests.some((test) => test(date));
}

function dayOfMonth(part: string): DayTest {
  if (part === 'L') return ({ day, daysInMonth }) => day === daysInMonth;
  if (part === 'LW') return (date) => date.day === nearestWeekday(date.daysInMonth, date);
  if (part.endsWith('W')) return (date) => date.day === nearestWeekday(Number(part.slice(0, -1)), date);
  const values = members(part === '?' ? '*' : part, 1, 31);
  return ({ day }) => values.has(day);
}

/** Looks further and further around a day, without leaving the month. */
function nearestWeekday(target: number, date: CalendarDay): number | null {
  if (target > date.daysInMonth) return null;
  for (const distance of [0, -1, 1, -2, 2]) {
    const day = target + distance;
    const weekday = (((date.weekday + day - date.day) % 7) + 7) % 7;
    if (day >= 1 && day <= date.daysInMonth && weekday !== 0 && weekday !== 6) return day;
  }
  return null;
}

function dayOfWeek(part: string): DayTest {
  const nth = /^(\d+)#(\d)$/.exec(part);
  if (nth) {
    const [, value, week] = nth.map(Number);
    return ({ day, weekday }) => weekday === Number(value) % 7 && Math.ceil(day / 7) === week;
  }
  if (part.endsWith('L')) {
    const value = Number(part.slice(0, -1)) % 7;
    return ({ day, weekday, daysInMonth }) => weekday === value && day > daysInMonth - 7;
  }
  // The week that a step counts through ends on Saturday, and 7 is the Sunday that it begins with.
  const values = members(part === '?' ? '*' : part.replace(/^7\//, '0/'), 0, 6);
  return ({ weekday }) => values.has(weekday) || (weekday === 0 && values.has(7));
}

/** Names to numbers. SUN ends a range of several days as 7. */
function numbered(field: string, names: string[], first: number): string {
  return field
    .replaceAll('SUN-SUN', 'SUN')
    .replaceAll('-SUN', '-7')
    .replaceAll(/[A-Z]{3}/g, (name) => String(names.indexOf(name) + first));
}

/** A list of numbers, ranges and steps. */
function members(list: string, min: number, max: number): Set<number> {
  const values = new Set<number>();
  for (const part of list.split(',')) {
    const [range = '', step = '1'] = part.split('/');
    const [first = min, last = part.includes('/') ? max : first] =
      range === '*' ? [min, max] : range.split('-').map(Number);
    for (let value = first; value <= last; value += Number(step)) values.add(value);
  }
  return values;
}

function calendarDay(number: number): CalendarDay {
  const date = new Date(number * DAY);
  const daysInMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return { month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay(), daysInMonth };
}
