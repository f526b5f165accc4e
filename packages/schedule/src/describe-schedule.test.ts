import { describeSchedule } from './describe-schedule.ts';
import { pseudoRandom } from './pseudo-random.fixture.ts';
import { parseSchedule } from './schedule.ts';
import { upcoming } from './upcoming.ts';

const describeText = (text: string): string => describeSchedule(parseSchedule(text));

/** The values of a field, by what a schedule of it does first in 2023. */
function valuesOf(text: string, valueOf: (at: Date) => number): string {
  const after = new Date('2022-12-31T23:59:59Z');
  const runs = upcoming(parseSchedule(text), { after, anchor: after, count: 60 });
  return [...new Set(runs.map(valueOf))].join(',');
}

describe('intervals', () => {
  test.each([
    ['@every 1h30m', 'Every 1 hour 30 minutes'],
    ['@EVERY 1H30M', 'Every 1 hour 30 minutes'],
    ['@every 90m', 'Every 1 hour 30 minutes'],
    ['@every 15m', 'Every 15 minutes'],
    ['@every 1h', 'Every hour'],
    ['@every 1s', 'Every second'],
    ['@every 61s', 'Every 1 minute 1 second'],
    ['@every 1500ms', 'Every 1.5 seconds'],
    ['@every 1000001\u00b5s', 'Every 1.000001 seconds'],
    ['@every 59.999999999s', 'Every minute'],
    ['@every 24h', 'Every 24 hours'],
    ['@every 49h0.5s', 'Every 2 days 1 hour 0.5 seconds'],
    ['@every 43800h', 'Every 1825 days'],
  ])('%s', (text, description) => {
    expect(describeText(text)).toBe(description);
  });
});

describe('instants', () => {
  test.each([
    ['@at 2026-01-01T00:00:00Z', 'Once, at 2026-01-01 00:00:00 UTC'],
    ['@AT 2026-01-01t00:00:00z', 'Once, at 2026-01-01 00:00:00 UTC'],
    ['@at 2026-01-01T00:00:00.5+05:45', 'Once, at 2025-12-31 18:15:00.500 UTC'],
    ['@at 9999-12-31T23:59:59-23:59', 'Once, at +010000-01-01 23:58:59 UTC'],
  ])('%s', (text, description) => {
    expect(describeText(text)).toBe(description);
  });

  test('whatever the time zone is', () => {
    const schedule = parseSchedule('@at 2026-01-01T00:00:00Z', 'Asia/Tokyo');
    expect(describeSchedule(schedule)).toBe('Once, at 2026-01-01 00:00:00 UTC');
  });
});

describe('names', () => {
  test.each([
    ['@hourly', '0 * * * *', 'Every hour'],
    ['@daily', '0 0 * * *', 'At 00:00, every day'],
    ['@Midnight', '0 0 * * *', 'At 00:00, every day'],
    ['@WEEKLY', '0 0 * * 0', 'At 00:00, only on Sunday'],
    ['@monthly', '0 0 1 * *', 'At 00:00, on day 1 of the month'],
    ['@annually', '0 0 1 1 *', 'At 00:00, on day 1 of the month, only in January'],
    ['@yearly', '0 0 1 1 *', 'At 00:00, on day 1 of the month, only in January'],
  ])('%s reads like %s', (name, fields, description) => {
    expect(describeText(name)).toBe(description);
    expect(describeText(fields)).toBe(description);
  });
});

describe('minutes and hours', () => {
  test.each([
    ['* * * * *', 'Every minute'],
    ['*/15 * * * *', 'Every 15 minutes'],
    ['5/15 * * * *', 'Every 15 minutes, starting at 5 minutes past the hour'],
    ['15 * * * *', 'At 15 minutes past the hour'],
    ['10-20,30-40/5 * * * *', 'At 10 through 20, 30, 35, and 40 minutes past the hour'],
    ['30 2 * * *', 'At 02:30, every day'],
    ['007 010 * * *', 'At 10:07, every day'],
    ['5,10 10 * * *', 'At 10:05 and 10:10, every day'],
    ['0,30 1-2 * * *', 'At 01:00, 01:30, 02:00 and 02:30, every day'],
    ['0 */6 * * *', 'At 00:00, 06:00, 12:00 and 18:00, every day'],
    ['0 */2 * * *', 'On the hour, every 2 hours'],
    ['5 1/2 * * *', 'At 5 minutes past the hour, every 2 hours, starting at 01:00'],
    ['0 0-20/2 * * *', 'On the hour, every 2 hours, between 00:00 and 20:00'],
    ['0 9-17 * * *', 'Every hour, between 09:00 and 17:00'],
    ['30 9-17 * * *', 'At 30 minutes past the hour, between 09:00 and 17:59'],
    ['*/15 9-17 * * *', 'Every 15 minutes, between 09:00 and 17:59'],
    ['* 9 * * *', 'Every minute, between 09:00 and 09:59'],
    ['0-10 9 * * *', 'Minutes 0 through 10 past the hour, between 09:00 and 09:59'],
  ])('%s', (text, description) => {
    expect(describeText(text)).toBe(description);
  });
});

describe('days', () => {
  test.each([
    ['0 0 ? * ?', 'every day'],
    ['0 0 13 * ?', 'on day 13 of the month'],
    ['0 0 1,31 * *', 'on day 1 and 31 of the month'],
    ['0 0 1-7 * *', 'between day 1 and 7 of the month'],
    ['0 0 1-5,10 * *', 'on day 1 through 5 and 10 of the month'],
    ['0 0 10/10 * *', 'on day 10, 20, and 30 of the month'],
    ['0 0 */2 * *', 'every 2 days in a month, between day 1 and 31 of the month'],
    ['0 0 L * *', 'on the last day of the month'],
    ['0 0 lw * *', 'on the last weekday of the month'],
    ['0 0 15W * *', 'on the weekday nearest day 15 of the month'],
    ['0 0 1W * *', 'on the first weekday of the month'],
    ['0 0 ? * 5', 'only on Friday'],
    ['0 0 * * mon-FRI', 'Monday through Friday'],
    ['0 0 * * SAT,SUN', 'only on Saturday and Sunday'],
    ['0 0 * * 5L', 'on the last Friday of the month'],
    ['0 0 * * 0L', 'on the last Sunday of the month'],
    ['0 0 * * 5#2', 'on the second Friday of the month'],
    ['0 0 * * 7#5', 'on the fifth Sunday of the month'],
    ['0 0 * JAN *', 'only in January'],
    ['0 0 * 6-8 *', 'June through August'],
    ['0 0 1 JAN,jun-Jul *', 'on day 1 of the month, only in January, June, and July'],
  ])('%s', (text, days) => {
    expect(describeText(text)).toBe(`At 00:00, ${days}`);
  });
});

describe('either day of month or day of week', () => {
  test.each([
    ['0 0 13 * 5', 'on day 13 of the month and also on Friday'],
    ['0 0 13 * 1-5', 'on day 13 of the month and also Monday through Friday'],
    ['0 0 L * MON#1', 'on the last day of the month and also on the first Monday of the month'],
    ['0 0 1 1 1', 'on day 1 of the month and also on Monday, only in January'],
    ['0 0 13 * 0-6', 'every day'],
    ['0 0 13 * */1', 'every day'],
    ['0 0 *,L * MON', 'every day'],
    ['0 0 1-31 * MON', 'every day'],
  ])('%s', (text, days) => {
    expect(describeText(text)).toBe(`At 00:00, ${days}`);
  });
});

describe('what cronstrue alone would refuse or misread', () => {
  test.each([
    ['a step that ends short', '*/40 * * * *', 'At 0 and 40 minutes past the hour'],
    [
      'a step that ends short',
      '0-59/7 * * * *',
      'At 0, 7, 14, 21, 28, 35, 42, 49, and 56 minutes past the hour',
    ],
    ['a step that ends short', '0 */5 * * *', 'At 00:00, 05:00, 10:00, 15:00 and 20:00, every day'],
    [
      'a step that ends short',
      '0 0 1 */5 *',
      'At 00:00, on day 1 of the month, only in January, June, and November',
    ],
    ['a step of all', '*/60 * * * *', 'Every hour'],
    ['a step of all', '* */24 * * *', 'Every minute, between 00:00 and 00:59'],
    ['a step of all', '0 0 */31 */12 *', 'At 00:00, on day 1 of the month, only in January'],
    ['a step of none', '59/1 * * * *', 'At 59 minutes past the hour'],
    ['a step of weekdays', '0 0 * * MON/3', 'At 00:00, only on Monday and Thursday'],
    ['a step of weekdays', '0 0 * * 1-7/3', 'At 00:00, only on Monday, Thursday, and Sunday'],
    ['a range of one', '0 5-5 * * *', 'At 05:00, every day'],
    ['* in a list', '*,5 * * * *', 'Every minute'],
    ['both Sundays', '0 0 * * 0,7', 'At 00:00, only on Sunday'],
    ['both Sundays', '0 0 * * 0-7', 'At 00:00, every day'],
    ['both Sundays', '0 0 * * 7#1,0#1', 'At 00:00, on the first Sunday of the month'],
    ['hours that last', '* 0-3,23 * * *', 'Every minute, at 00:00 through 03:59 and 23:00 through 23:59'],
    ['hours that last', '*/5 */2 * * *', 'Every 5 minutes, in every 2nd hour from 00:00'],
    ['hours that last', '*/5 8-21/2 * * *', 'Every 5 minutes, in every 2nd hour from 08:00 through 20:59'],
    [
      'hours that last',
      '30 0-3,8-11,23 * * *',
      'At 30 minutes past the hour, at 00:00 through 03:59, 08:00 through 11:59, and 23:00 through 23:59',
    ],
    [
      'a list of W',
      '0 0 1W,15W * *',
      'At 00:00, on the first weekday of the month and on the weekday nearest day 15 of the month',
    ],
    ['a list of L', '0 0 5,L * *', 'At 00:00, on day 5 of the month and on the last day of the month'],
    ['a list of #', '0 0 * * 1,5#2', 'At 00:00, only on Monday and on the second Friday of the month'],
  ])('%s: %s', (_what, text, description) => {
    expect(describeText(text)).toBe(description);
  });
});

describe('a field is described by the values that the schedule takes it for', () => {
  const random = pseudoRandom(11);
  const number = (min: number, max: number): number => min + random(max - min + 1);

  /** A step, a range, both or neither. */
  function part(min: number, max: number): string {
    const first = number(min, max);
    const range = ['*', `${first}`, `${first}-${number(first, max)}`][random(3)]!;
    return random(2) === 0 ? range : `${range}/${number(1, max)}`;
  }

  function field(min: number, max: number): string {
    return Array.from({ length: 1 + random(3) }, () => part(min, max)).join(',');
  }

  test('minutes and hours', () => {
    for (let n = 0; n < 60; n++) {
      const [minute, hour] = [field(0, 59), field(0, 23)];
      const minutes = valuesOf(`${minute} 0 * * *`, (at) => at.getUTCMinutes());
      const hours = valuesOf(`0 ${hour} * * *`, (at) => at.getUTCHours());
      const description = describeText(`${minute} ${hour} * * *`);
      expect([minute, hour, description]).toEqual([minute, hour, describeText(`${minutes} ${hours} * * *`)]);
    }
  });

  test('days and months', () => {
    for (let n = 0; n < 60; n++) {
      const [day, month, weekday] = [field(1, 31), field(1, 12), field(0, 6)];
      const days = valuesOf(`0 0 ${day} * *`, (at) => at.getUTCDate());
      const months = valuesOf(`0 0 1 ${month} *`, (at) => at.getUTCMonth() + 1);
      const weekdays = valuesOf(`0 0 * * ${weekday}`, (at) => at.getUTCDay());
      for (const [fields, values] of [
        [`${day} ${month} *`, `${days} ${months} *`],
        [`* * ${weekday}`, `* * ${weekdays}`],
      ] as const) {
        expect([fields, describeText(`0 0 ${fields}`)]).toEqual([fields, describeText(`0 0 ${values}`)]);
      }
    }
  });
});

test('every cron schedule that is accepted has a description', () => {
  const random = pseudoRandom(5);
  const pick = (items: readonly string[]): string => items[random(items.length)]!;
  const values = '* ? 0 1 5 7 12 29 31 59 SUN fri JAN dec L LW 15W 5L SUNL 5#2'.split(' ');
  const suffixes = ['', '', '', '', '/2', '/7', '-5', '-7', '-SUN', '-12/3', '#2', 'L', 'W'];
  const field = (): string =>
    Array.from({ length: 1 + random(2) }, () => pick(values) + pick(suffixes)).join(',');
  let accepted = 0;
  for (let n = 0; n < 20_000; n++) {
    const at = random(5);
    const text = [0, 1, 2, 3, 4].map((index) => (index === at || random(4) === 0 ? field() : '*')).join(' ');
    try {
      parseSchedule(text);
    } catch {
      continue;
    }
    accepted += 1;
    expect(describeText(text)).toMatch(/^(?:Every|At|On|Minutes) (?!.*(?:undefined|NaN|null|\*|, ,|, $)).+$/);
  }
  expect(accepted).toBeGreaterThan(1_000);
});
