import { CronExpressionParser } from 'cron-parser';

/** An expression in cron-parser's words, or what it has no words for. */
export type Rendering = { readonly text: string } | { readonly unknown: string };

const FIELDS: readonly [min: number, max: number][] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
];

/**
 * Says the same to cron-parser. What it spells otherwise is respelled, and what it does not have is named; the
 * deliberate differences that this hides are asserted in cron-parser-differences.test.ts.
 */
export function renderForCronParser(text: string): Rendering {
  const upper = text.toUpperCase();
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = upper.split(' ');
  if (day.includes('W')) return { unknown: 'W' };
  if (/#.*,|,.*#/.test(weekday)) return { unknown: '# in a list of weekdays' };
  const fields = [minute, hour, day, numbered(month, MONTHS, 1), weekOfSevenDays(weekday)];
  return { text: fields.map((field, index) => withoutDuplicates(field, FIELDS[index] ?? [0, 0])).join(' ') };
}

/**
 * cron-parser's next occurrence in milliseconds.
 *
 * @returns null where it gives up after 10,000 steps
 */
export function cronParserNext(text: string, zone: string, after: number): number | null {
  const expression = CronExpressionParser.parse(text, { currentDate: new Date(after), tz: zone });
  try {
    return expression.next().getTime();
  } catch (error) {
    if (error instanceof Error && error.message.includes('loop limit exceeded')) return null;
    throw error;
  }
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

/** cron-parser steps on to a Sunday at the end of the week, and does not read SUN there. */
function weekOfSevenDays(weekday: string): string {
  return numbered(weekday.replaceAll('SUN-SUN', 'SUN').replaceAll('-SUN', '-7'), WEEKDAYS, 0)
    .split(',')
    .map((part) => part.replace(/^7\//, '0/').replace(/^(\d+)\//, '$1-6/'))
    .join(',');
}

function numbered(field: string, names: string[], first: number): string {
  return field.replaceAll(/[A-Z]{3}/g, (name) => String(names.indexOf(name) + first));
}

/** cron-parser refuses a list that names a value twice. */
function withoutDuplicates(field: string, [min, max]: [number, number]): string {
  if (!field.includes(',')) return field;
  const values = field.split(',').flatMap((part): (number | string)[] => {
    if (part.endsWith('L')) return [part];
    const [range = '', step = '1'] = part.split('/');
    const [first = min, last = part.includes('/') ? max : first] =
      range === '*' ? [min, max] : range.split('-').map(Number);
    const count = Math.floor((last - first) / Number(step)) + 1;
    return Array.from({ length: count }, (_, n) => (first + n * Number(step)) % (max === 7 ? 7 : Infinity));
  });
  return [...new Set(values)].join(',');
}
