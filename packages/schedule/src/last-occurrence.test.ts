import { lastOccurrence } from './last-occurrence.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

const EPOCH = new Date(0);

/** The last after the start of an interval such as `2025-01-01/2025-02-01`, to the minute. */
function last(text: string, zone: string, interval: string): string | undefined {
  const [after = '', until = ''] = interval.split('/');
  const span = { after: new Date(after), until: new Date(until), anchor: EPOCH };
  return lastOccurrence(parseSchedule(text, zone), span)?.toISOString().slice(0, 16);
}

describe('the last occurrence of a span', () => {
  test.each([
    ['* * * * *', 'UTC', '2025-01-01T00:00Z/2025-06-15T12:34:56Z', '2025-06-15T12:34'],
    ['0 9 * * MON-FRI', 'UTC', '2025-01-01T00:00Z/2025-06-15T12:34:56Z', '2025-06-13T09:00'],
    ['* 0 1 1 *', 'UTC', '2020-01-01T12:00Z/2025-12-31T00:00Z', '2025-01-01T00:59'],
    ['0 0 29 2 *', 'UTC', '2020-01-01T00:00Z/2027-12-31T00:00Z', '2024-02-29T00:00'],
    ['0 0 LW * *', 'UTC', '2025-01-01T00:00Z/2025-06-15T00:00Z', '2025-05-30T00:00'],
    ['@every 1h30m', 'UTC', '2025-01-01T00:00Z/2025-01-02T01:29:59Z', '2025-01-02T00:00'],
    ['@at 2025-03-01T00:00:00+01:00', 'UTC', '2020-01-01T00:00Z/2031-01-01T00:00Z', '2025-02-28T23:00'],
    // Clocks that skip an hour: 02:00 -> 03:00 in New York, 00:00 -> 01:00 in São Paulo, and a whole day in Apia.
    ['30 2 * * *', 'America/New_York', '2025-03-01T00:00Z/2025-03-10T00:00Z', '2025-03-09T07:00'],
    ['*/30 2 * * *', 'America/New_York', '2025-03-01T00:00Z/2025-03-10T00:00Z', '2025-03-08T07:30'],
    ['30 0 * * *', 'America/Sao_Paulo', '2017-10-01T00:00Z/2017-10-15T12:00Z', '2017-10-15T03:00'],
    ['0 12 30 12 *', 'Pacific/Apia', '2011-01-01T00:00Z/2012-06-01T00:00Z', '2011-12-30T10:00'],
    // Clocks that show an hour, or half of one, twice.
    ['30 1 * * *', 'America/New_York', '2025-11-01T00:00Z/2025-11-02T12:00Z', '2025-11-02T05:30'],
    ['*/30 1 * * *', 'America/New_York', '2025-11-01T00:00Z/2025-11-02T12:00Z', '2025-11-02T06:30'],
    ['45 1 * * *', 'Australia/Lord_Howe', '2025-04-01T00:00Z/2025-04-06T00:00Z', '2025-04-05T14:45'],
    ['*/15 1 * * *', 'Australia/Lord_Howe', '2025-04-01T00:00Z/2025-04-06T00:00Z', '2025-04-05T15:15'],
    ['30 1 * * *', 'Europe/London', '2025-10-01T00:00Z/2025-10-26T12:00Z', '2025-10-26T00:30'],
  ])('%s in %s', (text, zone, interval, expected) => {
    expect(last(text, zone, interval)).toBe(expected);
  });

  test('may be at its end, but not at its beginning', () => {
    expect(last('0 12 * * *', 'UTC', '2025-06-14T12:00Z/2025-06-15T12:00Z')).toBe('2025-06-15T12:00');
    expect(last('0 12 * * *', 'UTC', '2025-06-15T12:00Z/2025-06-16T11:59:59.999Z')).toBeUndefined();
    expect(last('0 12 * * *', 'UTC', '2025-06-15T11:59:59.999Z/2025-06-15T12:00Z')).toBe('2025-06-15T12:00');
  });

  test.each([
    ['0 0 31 2 *', '2020-01-01/2040-01-01'],
    ['* * * * *', '2025-06-15/2025-06-15'],
    ['* * * * *', '2025-06-15/2025-06-01'],
    ['@at 2025-03-01T00:00:00Z', '2025-03-01/2031-01-01'],
    ['@every 1h', '1960-01-01/1969-12-31T23:59:59.999Z'],
  ])('is null if there is none: %s, %s', (text, interval) => {
    expect(last(text, 'UTC', interval)).toBeUndefined();
  });

  test('is found beyond a pause of more than five years', () => {
    expect(last('0 0 29 2 *', 'UTC', '2095-01-01/2105-01-01')).toBe('2104-02-29T00:00');
    expect(last('0 0 29 2 *', 'UTC', '2095-01-01/2103-12-31')).toBe('2096-02-29T00:00');
  });

  test.each(['* * * * *', '0 9 * * MON-FRI', '* 0 1 1 *', '0 0 29 2 *', '*/7 2 L,15W * 5#2'])(
    'takes a single search: %s',
    (text) => {
      const schedule = parseSchedule(text, 'America/New_York');
      let searches = 0;
      const counted: Schedule = {
        ...schedule,
        next(after, anchor) {
          searches += 1;
          return schedule.next(after, anchor);
        },
      };
      const span = { after: new Date('2020-01-01'), until: new Date('2024-12-31'), anchor: EPOCH };
      expect(lastOccurrence(counted, span)).not.toBeNull();
      expect(searches).toBe(1);
    },
  );
});
