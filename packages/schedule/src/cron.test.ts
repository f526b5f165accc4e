import { parseSchedule } from './schedule.ts';
import { upcoming } from './upcoming.ts';
import { refusalOf } from './refusal-of.fixture.ts';

const monday = new Date('2025-02-10T10:00:00Z');

function days(text: string, count: number): string[] {
  const schedule = parseSchedule(text);
  return upcoming(schedule, { after: monday, anchor: monday, count }).map((at) =>
    at.toISOString().slice(0, 10),
  );
}

function times(text: string, count: number): string[] {
  const schedule = parseSchedule(text);
  return upcoming(schedule, { after: monday, anchor: monday, count }).map((at) =>
    at.toISOString().slice(11, 16),
  );
}

describe('minutes and hours', () => {
  test.each([
    ['5,10 10 * * *', ['10:05', '10:10', '10:05']],
    ['58-59 10 * * *', ['10:58', '10:59', '10:58']],
    ['5/15 10 * * *', ['10:05', '10:20', '10:35', '10:50', '10:05']],
    ['0-30/10 11 * * *', ['11:00', '11:10', '11:20', '11:30', '11:00']],
    ['*/25 * * * *', ['10:25', '10:50', '11:00']],
    ['0 */6 * * *', ['12:00', '18:00', '00:00']],
    ['*,5 * * * *', ['10:01', '10:02', '10:03']],
    ['007 010 * * *', ['10:07']],
  ])('%s', (text, expected) => {
    expect(times(text, expected.length)).toEqual(expected);
  });
});

describe('days', () => {
  const sundays = ['2025-02-16', '2025-02-23', '2025-03-02'];
  test.each([
    ['0 and 7 are Sunday', '0 0 * * 0', sundays],
    ['0 and 7 are Sunday', '0 0 * * 7', sundays],
    ['names stand for numbers', '0 0 * * Sun', sundays],
    ['0 and 7 are Sunday', '0 0 * * 6-7', ['2025-02-15', '2025-02-16', '2025-02-22']],
    ['names stand for numbers', '0 0 * * fri-sun', ['2025-02-14', '2025-02-15', '2025-02-16', '2025-02-21']],
    ['a range of one day is that day', '0 0 * * SUN-sun', sundays],
    ['0 and 7 are Sunday', '0 0 * * 7/2', ['2025-02-11', '2025-02-13', '2025-02-15', '2025-02-16']],
    ['steps start at a number', '0 0 * * MON/3', ['2025-02-13', '2025-02-17', '2025-02-20']],
    ['names stand for numbers', '0 0 * MAR TUE', ['2025-03-04', '2025-03-11']],
    ['names stand for numbers', '0 0 1 JAN,jun-Jul *', ['2025-06-01', '2025-07-01', '2026-01-01']],
    ['steps start at a number', '0 0 1 FEB/5 *', ['2025-07-01', '2025-12-01', '2026-02-01']],
    ['steps start at a number', '0 0 10/10 * *', ['2025-02-20', '2025-03-10', '2025-03-20', '2025-03-30']],
    ['months without the day are left out', '0 0 31 * *', ['2025-03-31', '2025-05-31', '2025-07-31']],
    ['L is the last day', '0 0 L * *', ['2025-02-28', '2025-03-31', '2025-04-30']],
    ['L is the last day', '0 0 15,l * *', ['2025-02-15', '2025-02-28', '2025-03-15']],
    ['LW is the last weekday', '0 0 LW * *', ['2025-02-28', '2025-03-31', '2025-04-30', '2025-05-30']],
    ['W is the nearest weekday', '0 0 15W * *', ['2025-02-14', '2025-03-14', '2025-04-15']],
    ['W is the nearest weekday', '0 0 1w * *', ['2025-03-03', '2025-04-01', '2025-05-01']],
    ['L is the last such weekday', '0 0 * * FRIL', ['2025-02-28', '2025-03-28', '2025-04-25']],
    ['L is the last such weekday', '0 0 * * 7l', ['2025-02-23', '2025-03-30', '2025-04-27']],
    ['# is the nth such weekday', '0 0 * * MON#2', ['2025-03-10', '2025-04-14', '2025-05-12']],
    ['# is the nth such weekday', '0 0 * * 1#5', ['2025-03-31', '2025-06-30', '2025-09-29']],
    ['# is the nth such weekday', '0 0 * * 7#1,sat#1', ['2025-03-01', '2025-03-02', '2025-04-05']],
  ])('%s: %s', (_rule, text, expected) => {
    expect(days(text, expected.length)).toEqual(expected);
  });
});

describe('day of month and day of week', () => {
  test.each([
    [
      'both restricted: either matches',
      '0 0 13 * 5',
      ['2025-02-13', '2025-02-14', '2025-02-21', '2025-02-28'],
    ],
    [
      'a step restricts too',
      '0 0 */15 * 5',
      ['2025-02-14', '2025-02-16', '2025-02-21', '2025-02-28', '2025-03-01'],
    ],
    ['L restricts too', '0 0 L * MON', ['2025-02-17', '2025-02-24', '2025-02-28', '2025-03-03']],
    ['* in a list restricts nothing away', '0 0 *,L * MON', ['2025-02-11', '2025-02-12', '2025-02-13']],
    ['* restricts nothing', '0 0 13 * *', ['2025-02-13', '2025-03-13']],
    ['? restricts nothing', '0 0 13 * ?', ['2025-02-13', '2025-03-13']],
    ['? restricts nothing', '0 0 ? * 5', ['2025-02-14', '2025-02-21', '2025-02-28']],
    ['? restricts nothing', '0 0 ? * ?', ['2025-02-11', '2025-02-12']],
    ['an impossible day leaves the weekday', '0 0 31 2 MON', ['2025-02-17', '2025-02-24', '2026-02-02']],
  ])('%s: %s', (_rule, text, expected) => {
    expect(days(text, expected.length)).toEqual(expected);
  });
});

describe('a wrong field is named with its value', () => {
  test.each([
    ['61 * * * *', 'minute "61" is out of range 0-59'],
    ['60 * * * *', 'minute "60" is out of range 0-59'],
    ['5,99 * * * *', 'minute "99" is out of range 0-59'],
    ['50-70 * * * *', 'minute "50-70" is out of range 0-59'],
    [`${'9'.repeat(400)} * * * *`, `minute "${'9'.repeat(400)}" is out of range 0-59`],
    ['* 24 * * *', 'hour "24" is out of range 0-23'],
    ['* * 0 * *', 'day of month "0" is out of range 1-31'],
    ['* * 32 * *', 'day of month "32" is out of range 1-31'],
    ['* * 32W * *', 'day of month "32W" is out of range 1-31'],
    ['* * * 0 *', 'month "0" is out of range 1-12'],
    ['* * * 13 *', 'month "13" is out of range 1-12'],
    ['* * * * 8', 'day of week "8" is out of range 0-7'],
    ['* * * * 8L', 'day of week "8L" is out of range 0-7'],
    ['* * * * MON#6', 'day of week "MON#6" is out of range #1-#5'],
    ['* * * * MON#0', 'day of week "MON#0" is out of range #1-#5'],
    ['*/0 * * * *', 'minute "*/0" has a step out of range 1-60'],
    ['*/61 * * * *', 'minute "*/61" has a step out of range 1-60'],
    ['* 0-6/25 * * *', 'hour "0-6/25" has a step out of range 1-24'],
    ['* * * * */8', 'day of week "*/8" has a step out of range 1-7'],
    ['* 17-9 * * *', 'hour "17-9" runs backwards'],
    ['* * * * SAT-MON', 'day of week "SAT-MON" runs backwards'],
    ['* * * DEC-JAN *', 'month "DEC-JAN" runs backwards'],
    ['a * * * *', 'minute "a" is malformed'],
    ['-1 * * * *', 'minute "-1" is malformed'],
    ['1.5 * * * *', 'minute "1.5" is malformed'],
    ['5,,6 * * * *', 'minute "5,,6" is malformed'],
    [', * * * *', 'minute "," is malformed'],
    ['1-2-3 * * * *', 'minute "1-2-3" is malformed'],
    ['1/2/3 * * * *', 'minute "1/2/3" is malformed'],
    ['*/ * * * *', 'minute "*/" is malformed'],
    ['** * * * *', 'minute "**" is malformed'],
    ['*-5 * * * *', 'minute "*-5" is malformed'],
    ['@daily * * * *', 'minute "@daily" is malformed'],
    ['* JAN * * *', 'hour "JAN" is malformed'],
    ['* * * MON *', 'month "MON" is malformed'],
    ['* * * JANUARY *', 'month "JANUARY" is malformed'],
    ['* * * * JAN', 'day of week "JAN" is malformed'],
    ['* * * * MONDAY', 'day of week "MONDAY" is malformed'],
    ['* * * * \u017fUN', 'day of week "\u017fUN" is malformed'],
    ['* * 15,LW * *', 'day of month "LW" is malformed'],
    ['* * W * *', 'day of month "W" is malformed'],
    ['* * L-3 * *', 'day of month "L-3" is malformed'],
    ['* * 1-5W * *', 'day of month "1-5W" is malformed'],
    ['* * 5#2 * *', 'day of month "5#2" is malformed'],
    ['* * * L *', 'month "L" is malformed'],
    ['* * * * L', 'day of week "L" is malformed'],
    ['* * * * 5W', 'day of week "5W" is malformed'],
    ['* * * * MON#', 'day of week "MON#" is malformed'],
  ])('%s', (text, problem) => {
    expect(refusalOf(() => parseSchedule(text))).toMatchObject({
      name: 'ScheduleError',
      message: `schedule "${text}": ${problem}`,
      schedule: text,
    });
  });
});

describe('what only croner knows is refused', () => {
  test.each([
    ['seconds', '0 0 0 * * *'],
    ['years', '0 0 0 1 1 * 2030'],
    ['the AND of the days', '0 0 13 * +FRI'],
    ['steps from nowhere', '/5 * * * *'],
    ['? for a minute', '? * * * *'],
    ['? for an hour', '0 ? * * *'],
    ['? with a step', '0 0 ?/2 * *'],
    ['the last by #', '0 0 * * FRI#L'],
    ['a range with #', '0 0 * * MON-FRI#2'],
    ['a range with L', '0 0 * * 1-5L'],
    ['an instant', '2025-12-01T00:00:00'],
  ])('%s', (_what, text) => {
    expect(refusalOf(() => parseSchedule(text))).toMatchObject({ name: 'ScheduleError' });
  });
});
