import { nextRun, parseSchedule } from './schedule.ts';
import { upcoming } from './upcoming.ts';
import { refusalOf } from './refusal-of.fixture.ts';

const monday = new Date('2025-02-10T10:00:00Z');

describe('the schedules that the product promises', () => {
  test.each([
    ['@every 15m', '2025-02-10T10:15:00.000Z'],
    ['@every 1h30m', '2025-02-10T11:30:00.000Z'],
    ['@hourly', '2025-02-10T11:00:00.000Z'],
    ['@daily', '2025-02-11T00:00:00.000Z'],
    ['@midnight', '2025-02-11T00:00:00.000Z'],
    ['@weekly', '2025-02-16T00:00:00.000Z'],
    ['@monthly', '2025-03-01T00:00:00.000Z'],
    ['@annually', '2026-01-01T00:00:00.000Z'],
    ['@yearly', '2026-01-01T00:00:00.000Z'],
    ['* * * * *', '2025-02-10T10:01:00.000Z'],
    ['0 0 * * *', '2025-02-11T00:00:00.000Z'],
    ['*/15 * * * *', '2025-02-10T10:15:00.000Z'],
    ['*/30 * * * *', '2025-02-10T10:30:00.000Z'],
    ['0 9-17 * * 1-5', '2025-02-10T11:00:00.000Z'],
    ['30 15 * * 5', '2025-02-14T15:30:00.000Z'],
  ])('%s', (text, expected) => {
    expect(nextRun(parseSchedule(text), monday, monday).toISOString()).toBe(expected);
  });
});

describe('a schedule is matched without regard to case, and its white space is folded', () => {
  test.each([
    ['  @Hourly ', '@Hourly', 'cron'],
    ['@DAILY', '@DAILY', 'cron'],
    ['\t0  0\n*   * mon ', '0 0 * * mon', 'cron'],
    ['@Every \t 15m', '@Every 15m', 'every'],
    ['@EVERY 1H30M', '@EVERY 1H30M', 'every'],
    ['@EVERY 1000000\u039cS', '@EVERY 1000000\u039cS', 'every'],
    ['@At  2025-12-01T00:00:00Z', '@At 2025-12-01T00:00:00Z', 'at'],
  ])('%j', (text, shown, kind) => {
    expect(parseSchedule(text)).toMatchObject({ text: shown, kind });
  });
});

describe('what is neither five fields nor a known name is refused, word for word', () => {
  test.each([
    '',
    '   ',
    '*',
    '* * * *',
    '0 * * * * *',
    '0 0 * * * * 2025',
    '@reboot',
    '@fortnightly',
    '@every15m',
    '@',
    '@daily @daily',
    'every day at noon',
  ])('%j', (text) => {
    expect(refusalOf(() => parseSchedule(text))).toMatchObject({
      name: 'ScheduleError',
      message: `schedule "${text.trim()}" must contain 5 fields`,
      schedule: text.trim(),
    });
  });

  test('text of more than 1,000 characters is refused without being repeated', () => {
    expect(() => parseSchedule(`0 0 * * ${'1,'.repeat(495)}01`)).not.toThrow();
    expect(() => parseSchedule(' '.repeat(1_001))).toThrow(
      'schedule must not be longer than 1000 characters',
    );
  });
});

describe('a parsed schedule is shared', () => {
  test('the same text and zone give the same schedule', () => {
    expect(parseSchedule('0 5 * * *', 'Europe/London')).toBe(parseSchedule(' 0 5  * * * ', 'Europe/London'));
    expect(parseSchedule('0 5 * * *', 'Europe/London')).not.toBe(parseSchedule('0 5 * * *', 'Europe/Paris'));
  });

  test('nobody can change it, nor the answers that others get', () => {
    const schedule = parseSchedule('0 6 * * *');
    expect(Object.isFrozen(schedule)).toBe(true);
    nextRun(schedule, monday, monday).setUTCFullYear(1999);
    expect(nextRun(schedule, monday, monday).toISOString()).toBe('2025-02-11T06:00:00.000Z');
  });

  test('a refused text is refused again', () => {
    expect(() => parseSchedule('@often')).toThrow('must contain 5 fields');
    expect(() => parseSchedule('@often')).toThrow('must contain 5 fields');
  });

  test('more schedules than are kept make no difference to the answers', () => {
    const texts = Array.from({ length: 12_000 }, (_, n) => `@every ${n + 1}s`);
    for (const text of texts) parseSchedule(text);
    expect(nextRun(parseSchedule(texts[0]!), monday, monday).getTime()).toBe(monday.getTime() + 1_000);
    expect(parseSchedule(texts[11_999]!)).toBe(parseSchedule(texts[11_999]!));
  });
});

describe('the search looks five years ahead', () => {
  test.each([
    ['0 0 29 2 *', '2024-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0 0 29 2 *', '2096-02-29T00:00:00Z', null],
    ['0 0 29 2 *', '2099-02-28T00:00:00Z', null],
    ['0 0 29 2 *', '2099-03-01T00:00:00Z', '2104-02-29T00:00:00.000Z'],
    ['0 0 * 2 MON#5', '2025-02-10T10:00:00Z', null],
    ['0 0 * 2 MON#5', '2040-02-10T10:00:00Z', '2044-02-29T00:00:00.000Z'],
    ['0 0 * 2 MON#5', '2025-02-10T10:00:00Z', null],
  ])('%s after %s', (text, after, expected) => {
    const schedule = parseSchedule(text);
    expect(schedule.next(new Date(after), monday)?.toISOString() ?? null).toBe(expected);
  });

  test.each(['0 0 31 2 *', '0 0 30,31 FEB ?', '* * 31 2,4,6,9,11 *', '0 0 30W 2 *', '*/5 2 31/1 6 *'])(
    '%s names a day that no calendar has',
    (text) => {
      for (const zone of ['UTC', 'America/New_York']) {
        const schedule = parseSchedule(text, zone);
        for (const year of [1999, 2025, 2096]) {
          expect(schedule.next(new Date(Date.UTC(year, 0)), monday)).toBeNull();
        }
        expect(refusalOf(() => nextRun(schedule, monday, monday))).toMatchObject({
          name: 'ScheduleError',
          message: `unable to find next run for schedule "${text}"`,
          schedule: text,
        });
      }
    },
  );
});

describe('upcoming', () => {
  test('lists the next occurrences in order', () => {
    const list = upcoming(parseSchedule('30 15 * * 5'), { after: monday, anchor: monday, count: 3 });
    expect(list.map((at) => at.toISOString())).toEqual([
      '2025-02-14T15:30:00.000Z',
      '2025-02-21T15:30:00.000Z',
      '2025-02-28T15:30:00.000Z',
    ]);
  });

  test.each([
    ['@at 2025-12-01T00:00:00Z', 10, 1],
    ['0 0 31 2 *', 10, 0],
    ['@every 1h', 0, 0],
    ['* * * * *', 100, 100],
  ])('of %s asked for %d has %d', (text, count, length) => {
    expect(upcoming(parseSchedule(text), { after: monday, anchor: monday, count })).toHaveLength(length);
  });
});
