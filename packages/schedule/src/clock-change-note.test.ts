import { clockChangeNote } from './clock-change-note.ts';
import { localTime } from './local-time.ts';
import { parseSchedule } from './schedule.ts';

/** The runs of the two days from noon of a date on that have a note, by local time. */
function notes(text: string, zone: string, date: string, days = 2): [at: string, note: string][] {
  const schedule = parseSchedule(text, zone);
  const start = Temporal.PlainDateTime.from(`${date}T12:00`).toZonedDateTime(zone);
  const end = start.add({ days }).epochMilliseconds;
  const anchor = new Date(start.epochMilliseconds);
  const found: [string, string][] = [];
  for (
    let at = schedule.next(anchor, anchor);
    at !== null && at.getTime() <= end;
    at = schedule.next(at, anchor)
  ) {
    const note = clockChangeNote(schedule, at);
    if (note !== null) found.push([localTime(at, zone), note]);
  }
  return found;
}

describe('clocks go forward', () => {
  const newYork = 'clocks go forward from 02:00 to 03:00 on this day';
  const lordHowe = 'clocks go forward from 02:00 to 02:30 on this day';
  const saoPaulo = 'clocks go forward from 00:00 to 01:00 on this day';

  test.each([
    ['30 2 * * *', `${newYork}: runs once, at 03:00, for the skipped 02:30`],
    ['0,30 2 * * *', `${newYork}: runs once, at 03:00, for the skipped 02:00 and 02:30`],
    ['30 1,2 * * *', `${newYork}: runs once, at 03:00, for the skipped 02:30`],
    ['0,10,20,30 2 * * *', `${newYork}: runs once, at 03:00, for the skipped times`],
    ['0 2,3 * * *', `${newYork}: the run at 03:00 is also the one for the skipped 02:00`],
    ['30 2 9 3 *', `${newYork}: runs once, at 03:00, for the skipped 02:30`],
    ['0 * * * *', `${newYork}: no run at 02:00`],
    ['@hourly', `${newYork}: no run at 02:00`],
    ['*/20 * * * *', `${newYork}: no runs at 02:00, 02:20 and 02:40`],
    ['* * * * *', `${newYork}: no runs in between`],
  ])('New York, %s', (text, note) => {
    expect(notes(text, 'America/New_York', '2025-03-08')).toEqual([['2025-03-09T03:00:00-04:00', note]]);
  });

  test.each([
    [
      'Europe/London',
      '30 1 * * *',
      '2025-03-29',
      '2025-03-30T02:00:00+01:00',
      'clocks go forward from 01:00 to 02:00 on this day: runs once, at 02:00, for the skipped 01:30',
    ],
    [
      'Australia/Lord_Howe',
      '15 2 * * *',
      '2025-10-04',
      '2025-10-05T02:30:00+11:00',
      `${lordHowe}: runs once, at 02:30, for the skipped 02:15`,
    ],
    [
      'Australia/Lord_Howe',
      '0 * * * *',
      '2025-10-04',
      '2025-10-05T03:00:00+11:00',
      `${lordHowe}: no run at 02:00`,
    ],
    [
      'America/Sao_Paulo',
      '@daily',
      '2017-10-14',
      '2017-10-15T01:00:00-02:00',
      `${saoPaulo}: runs once, at 01:00, for the skipped 00:00`,
    ],
    [
      'America/Sao_Paulo',
      '0 * * * *',
      '2017-10-14',
      '2017-10-15T01:00:00-02:00',
      `${saoPaulo}: no run at 00:00`,
    ],
  ])('%s, %s', (...[zone, text, date, at, note]) => {
    expect(notes(text, zone, date)).toEqual([[at, note]]);
  });

  test.each([
    [
      'the next day',
      'America/New_York',
      '*/20 2 * * *',
      '2025-03-08',
      '2025-03-10T02:00:00-04:00',
      'clocks go forward from 02:00 to 03:00 on 2025-03-09: no runs at 02:00, 02:20 and 02:40 of that day',
    ],
    [
      'the next week',
      'America/New_York',
      '*/30 2 * * SUN',
      '2025-03-08',
      '2025-03-16T02:00:00-04:00',
      'clocks go forward from 02:00 to 03:00 on 2025-03-09: no runs at 02:00 and 02:30 of that day',
    ],
    [
      'past another change',
      'America/New_York',
      '*/30 2 9 3 *',
      '2025-03-08',
      '2026-03-09T02:00:00-04:00',
      'clocks go forward from 02:00 to 03:00 on 2025-03-09: no runs at 02:00 and 02:30 of that day',
    ],
    [
      'midnight',
      'America/Nuuk',
      '30 * * * *',
      '2025-03-29',
      '2025-03-30T00:30:00-01:00',
      'clocks go forward from 23:00 to 24:00 on 2025-03-29: no run at 23:30 of that day',
    ],
    [
      'midnight',
      'America/Nuuk',
      '30 23 * * *',
      '2025-03-29',
      '2025-03-30T00:00:00-01:00',
      'clocks go forward from 23:00 to 24:00 on 2025-03-29: runs once, at 00:00, for the skipped 23:30 of that day',
    ],
  ])(
    'where the next run is on another day, it says of which day it speaks: %s in %s, %s',
    (...[, zone, text, date, at, note]) => {
      expect(notes(text, zone, date, 400)[0]).toEqual([at, note]);
    },
  );
});

describe('clocks go back', () => {
  const newYork = 'clocks go back from 02:00 to 01:00 on this day';

  test.each([
    [
      '30 1 * * *',
      [['2025-11-02T01:30:00-04:00', `${newYork}: 01:30 happens twice, runs only the first time`]],
    ],
    [
      '0,30 1,2 * * *',
      [
        ['2025-11-02T01:00:00-04:00', `${newYork}: 01:00 happens twice, runs only the first time`],
        ['2025-11-02T01:30:00-04:00', `${newYork}: 01:30 happens twice, runs only the first time`],
      ],
    ],
    [
      '@hourly',
      [
        [
          '2025-11-02T01:00:00-04:00',
          `${newYork}: 01:00 happens twice and runs both times, this is the first`,
        ],
        [
          '2025-11-02T01:00:00-05:00',
          `${newYork}: 01:00 happens twice and runs both times, this is the second`,
        ],
      ],
    ],
  ])('New York, %s', (text, expected) => {
    expect(notes(text, 'America/New_York', '2025-11-01')).toEqual(expected);
  });

  test.each([
    [
      'Europe/London',
      '30 1 * * *',
      '2025-10-25',
      '2025-10-26T01:30:00+01:00',
      'clocks go back from 02:00 to 01:00 on this day: 01:30 happens twice, runs only the first time',
    ],
    [
      'Australia/Lord_Howe',
      '45 1 * * *',
      '2025-04-05',
      '2025-04-06T01:45:00+11:00',
      'clocks go back from 02:00 to 01:30 on this day: 01:45 happens twice, runs only the first time',
    ],
    [
      'America/Sao_Paulo',
      '30 23 * * *',
      '2018-02-17',
      '2018-02-17T23:30:00-02:00',
      'clocks go back from 24:00 to 23:00 on this day: 23:30 happens twice, runs only the first time',
    ],
    [
      'America/St_Johns',
      '0 0 * * *',
      '2006-10-28',
      '2006-10-29T00:00:00-02:30',
      'clocks go back from 2006-10-29 00:01 to 23:01 on 2006-10-28: 00:00 happens twice, runs only the first time',
    ],
  ])('%s, %s', (...[zone, text, date, at, note]) => {
    expect(notes(text, zone, date)).toEqual([[at, note]]);
  });

  test('every run of the repeated half hour of Lord Howe has a note', () => {
    const times = notes('*/15 * * * *', 'Australia/Lord_Howe', '2025-04-05').map(([at]) => at.slice(11));
    expect(times).toEqual(['01:30:00+11:00', '01:45:00+11:00', '01:30:00+10:30', '01:45:00+10:30']);
  });
});

describe('Apia skips 2011-12-30', () => {
  test.each([
    ['0 12 * * *', 'runs once, at 00:00, for the skipped 12:00 of that day'],
    ['0 8,12,16 * * *', 'runs once, at 00:00, for the skipped 08:00, 12:00 and 16:00 of that day'],
    ['0 0 30 * *', 'runs once, at 00:00, for the skipped 00:00 of that day'],
    ['@daily', 'the run at 00:00 is also the one for the skipped 00:00 of that day'],
    ['0 * * * *', 'no runs on that day'],
    ['* * * * *', 'no runs on that day'],
  ])('%s', (text, note) => {
    expect(notes(text, 'Pacific/Apia', '2011-12-29')).toEqual([
      ['2011-12-31T00:00:00+14:00', `clocks skip 2011-12-30: ${note}`],
    ]);
  });

  test('a job of Fridays', () => {
    expect(notes('0 */12 * * FRI', 'Pacific/Apia', '2011-12-29', 14)).toEqual([
      ['2012-01-06T00:00:00+14:00', 'clocks skip 2011-12-30: no runs on that day'],
    ]);
  });
});

describe('nothing to note', () => {
  test.each([
    ['a time that no change touches', '0 12 * * *', 'America/New_York', 400],
    ['the time at which clocks go back', '0 2 * 11 *', 'America/New_York', 400],
    ['the end of the gap', '0 3 * * *', 'America/New_York', 400],
    ['the same time on other days', '30 2 10-31 3 *', 'America/New_York', 400],
    ['an interval', '@every 30m', 'America/New_York', 3],
    ['an instant', '@at 2025-03-09T07:00:00Z', 'America/New_York', 3],
    ['a zone without changes', '*/30 * * * *', 'Asia/Kolkata', 3],
    ['UTC', '*/30 * * * *', 'UTC', 3],
  ])('%s: %s in %s', (_what, text, zone, days) => {
    expect(notes(text, zone, '2025-03-08', days)).toEqual([]);
  });

  test('an hourly job has three notes a year', () => {
    expect(notes('@hourly', 'Europe/London', '2025-01-01', 365)).toHaveLength(3);
  });
});
