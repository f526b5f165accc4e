import { CronExpressionParser } from 'cron-parser';
import { renderForCronParser } from './cron-parser-reference.fixture.ts';
import { parseSchedule } from './schedule.ts';
import { ScheduleError } from './schedule-error.ts';
import { upcoming } from './upcoming.ts';

// Every difference from cron-parser that is deliberate (SPEC 2). The differential allows these and no others.

const monday = '2025-02-10T10:00:00Z';
const newYork = 'America/New_York';

/** The next occurrences, to the minute; `refused` if the expression is. */
function ours(text: string, zone: string, after: string, count: number): string {
  const from = new Date(after);
  try {
    return shown(upcoming(parseSchedule(text, zone), { after: from, anchor: from, count }));
  } catch (error) {
    if (error instanceof ScheduleError) return 'refused';
    throw error;
  }
}

function theirs(text: string, zone: string, after: string, count: number): string {
  let expression;
  try {
    expression = CronExpressionParser.parse(text, { currentDate: new Date(after), tz: zone });
  } catch {
    return 'refused';
  }
  return shown(expression.take(count).map((at) => at.toDate()));
}

function shown(occurrences: Date[]): string {
  return occurrences.map((at) => at.toISOString().slice(0, 16)).join(' ') || 'none';
}

describe('where the clocks change, the rules are cronie’s', () => {
  test.each([
    [
      'a fixed time in the skipped hour runs right after the gap, not as much later as it lay in it',
      ['30 2 * * *', newYork, '2025-03-08T12:00:00Z'],
      ['2025-03-09T07:00 2025-03-10T06:30', '2025-03-09T07:30 2025-03-10T06:30'],
    ],
    [
      'several fixed times in the skipped hour run once',
      ['0,30 2 * * *', newYork, '2025-03-08T12:00:00Z'],
      ['2025-03-09T07:00 2025-03-10T06:00', '2025-03-09T07:00 2025-03-09T07:30'],
    ],
    [
      'a wildcard job leaves the skipped hour out',
      ['*/30 2 * * *', newYork, '2025-03-08T12:00:00Z'],
      ['2025-03-10T06:00 2025-03-10T06:30', '2025-03-09T07:00 2025-03-09T07:30'],
    ],
    [
      'a wildcard job that names its hours runs in both repeated ones, too',
      ['*/30 1 * * *', newYork, '2025-11-02T05:00:00Z'],
      ['2025-11-02T05:30 2025-11-02T06:00', '2025-11-02T05:30 2025-11-03T06:00'],
    ],
    [
      'half an hour is a gap like any other',
      ['15 2 * * *', 'Australia/Lord_Howe', '2025-10-04T12:00:00Z'],
      ['2025-10-04T15:30 2025-10-05T15:15', '2025-10-05T15:15 2025-10-06T15:15'],
    ],
    [
      'and a quarter',
      ['5 0 1 1 *', 'Asia/Kathmandu', '1985-12-01T00:00:00Z'],
      ['1985-12-31T18:30 1986-12-31T18:20', '1986-12-31T18:20 1987-12-31T18:20'],
    ],
    [
      'a gap at midnight is, too',
      ['30 0 * * *', 'America/Sao_Paulo', '2017-10-14T12:00:00Z'],
      ['2017-10-15T03:00 2017-10-16T02:30', '2017-10-15T03:30 2017-10-16T02:30'],
    ],
    [
      'and one up to the next day',
      ['30 23 * * *', 'America/Nuuk', '2025-03-29T12:00:00Z'],
      ['2025-03-30T01:00 2025-03-31T00:30', '2025-03-31T00:30 2025-04-01T00:30'],
    ],
    [
      'and a whole day',
      ['30 5 30 12 *', 'Pacific/Apia', '2011-12-01T00:00:00Z'],
      ['2011-12-30T10:00 2012-12-29T15:30', '2012-12-29T15:30 2013-12-29T15:30'],
    ],
    [
      'having met a repeated hour leaves no trace in later answers',
      ['0 12,1 * MAY 6', newYork, '1996-10-27T05:59:59.999Z'],
      ['1997-05-03T05:00 1997-05-03T16:00', '1997-05-03T16:00 1997-05-10T05:00'],
    ],
    [
      'a repeated half hour can be got past',
      ['10/59 17-22,2,3 L * *', 'Australia/Lord_Howe', '2002-03-07T09:13:42.541Z'],
      ['2002-03-30T15:40 2002-03-30T16:40', 'none'],
    ],
  ])('%s', (_rule, [text = '', zone = '', after = ''], [own, other]) => {
    expect([ours(text, zone, after, 2), theirs(text, zone, after, 2)]).toEqual([own, other]);
  });
});

describe('other readings of the same text', () => {
  test.each([
    [
      'steps through the week end on Saturday',
      '0 0 * * MON/3',
      '2025-02-13T00:00 2025-02-17T00:00',
      '2025-02-13T00:00 2025-02-16T00:00',
    ],
    [
      '7 begins the week as 0 does',
      '0 0 * * 7/2',
      '2025-02-11T00:00 2025-02-13T00:00',
      '2025-02-16T00:00 2025-02-23T00:00',
    ],
    ['nothing is looked for beyond five years', '0 0 * 2 MON#5', 'none', '2044-02-29T00:00 2072-02-29T00:00'],
  ])('%s: %s', (_rule, text, own, other) => {
    expect([ours(text, 'UTC', monday, 2), theirs(text, 'UTC', monday, 2)]).toEqual([own, other]);
  });
});

describe('only this package accepts', () => {
  test.each([
    ['W', '0 0 15W * *', '2025-02-14T00:00'],
    ['LW', '0 0 LW * *', '2025-02-28T00:00'],
    ['# in a list', '0 0 * * MON#2,FRI', '2025-02-14T00:00'],
    ['SUN as the end of a range', '0 0 * * FRI-SUN', '2025-02-14T00:00'],
    ['l in lower case', '0 0 l * *', '2025-02-28T00:00'],
    ['a value twice', '0,0 0 * * *', '2025-02-11T00:00'],
    ['a day that does not exist, and finds none', '0 0 31 2 *', 'none'],
    ['names in any case', '@DAILY', '2025-02-11T00:00'],
    ['@midnight', '@midnight', '2025-02-11T00:00'],
    ['@every', '@every 1h', '2025-02-10T11:00'],
    ['@at', '@at 2025-12-01T00:00:00Z', '2025-12-01T00:00'],
  ])('%s: %s', (_what, text, own) => {
    expect([ours(text, 'UTC', monday, 1), theirs(text, 'UTC', monday, 1)]).toEqual([own, 'refused']);
  });
});

describe('only cron-parser accepts', () => {
  test.each([
    ['six fields', '0 0 0 * * *'],
    ['no field', ''],
    ['other names', '@secondly'],
    ['other names', '@weekdays'],
    ['H', 'H * * * *'],
    ['? for a minute', '? * * * *'],
    ['? for an hour', '0 ? * * *'],
    ['? with a step', '0 0 ?/2 * *'],
    ['a step longer than the field', '*/61 * * * *'],
    ['a step longer than the field', '0 0-6/25 * * *'],
  ])('%s: %j', (_what, text) => {
    expect(ours(text, 'UTC', monday, 1)).toBe('refused');
    expect(theirs(text, 'UTC', monday, 1)).not.toBe('refused');
  });
});

test('the differential says the same to cron-parser in its own words', () => {
  expect(renderForCronParser('*,5 1-2,2 l jan,JAN fri-sun')).toEqual({
    text: `${Array.from({ length: 60 }, (_, n) => n).join(',')} 1,2 L 1 5-7`,
  });
  expect(renderForCronParser('0 0 * * mon/3')).toEqual({ text: '0 0 * * 1-6/3' });
  expect(renderForCronParser('0 0 15W * *')).toEqual({ unknown: 'W' });
});
