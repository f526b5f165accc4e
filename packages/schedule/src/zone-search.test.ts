import { parseSchedule } from './schedule.ts';
import { upcoming } from './upcoming.ts';

/** The occurrences later than `after`, as day and time in UTC. */
function occurrences(text: string, zone: string, after: string, count: number): string[] {
  const from = new Date(after);
  return upcoming(parseSchedule(text, zone), { after: from, anchor: from, count }).map((at) =>
    at.toISOString().slice(5, 16),
  );
}

// New York 2025: 9 March 02:00 -> 03:00 (07:00Z), 2 November 02:00 -> 01:00 (06:00Z).
// London 2025: 30 March 01:00 -> 02:00 (01:00Z), 26 October 02:00 -> 01:00 (01:00Z).
// Lord Howe 2025: 6 April 02:00 -> 01:30 (5 April 15:00Z), 5 October 02:00 -> 02:30 (4 October 15:30Z).
const newYork = 'America/New_York';
const london = 'Europe/London';
const lordHowe = 'Australia/Lord_Howe';

describe('in the hour that clocks skip, a fixed-time job runs once, right after the gap', () => {
  test.each([
    [newYork, '30 2 * * *', '2025-03-08T12:00:00Z', ['03-09T07:00', '03-10T06:30']],
    [newYork, '0,20,40 2 * * *', '2025-03-08T12:00:00Z', ['03-09T07:00', '03-10T06:00', '03-10T06:20']],
    [newYork, '30 2-3 * * *', '2025-03-08T12:00:00Z', ['03-09T07:00', '03-09T07:30', '03-10T06:30']],
    [newYork, '0 2,3 * * *', '2025-03-08T12:00:00Z', ['03-09T07:00', '03-10T06:00', '03-10T07:00']],
    [london, '30 1 * * *', '2025-03-29T12:00:00Z', ['03-30T01:00', '03-31T00:30']],
    [lordHowe, '15 2 * * *', '2025-10-04T12:00:00Z', ['10-04T15:30', '10-05T15:15']],
    [lordHowe, '45 2 * * *', '2025-10-04T12:00:00Z', ['10-04T15:45', '10-05T15:45']],
    ['America/Santiago', '30 0 * * *', '2025-09-06T12:00:00Z', ['09-07T04:00', '09-08T03:30']],
  ])('%s: %s', (zone, text, after, expected) => {
    expect(occurrences(text, zone, after, expected.length)).toEqual(expected);
  });

  test('even if that is the next day', () => {
    // Nuuk 2025: 29 March 23:00 -> 30 March 00:00 (01:00Z).
    const nuuk = 'America/Nuuk';
    const after = '2025-03-29T12:00:00Z';
    expect(occurrences('30 23 * * *', nuuk, after, 2)).toEqual(['03-30T01:00', '03-31T00:30']);
    expect(occurrences('0-59 23 * * *', nuuk, after, 2)).toEqual(['03-30T01:00', '03-31T00:00']);
    expect(occurrences('30 0,23 * * *', nuuk, after, 3)).toEqual([
      '03-30T01:00',
      '03-30T01:30',
      '03-31T00:30',
    ]);
    expect(occurrences('30 23 * * *', nuuk, '2025-03-30T01:00:00Z', 1)).toEqual(['03-31T00:30']);
  });
});

describe('in the hour that clocks skip, a wildcard job does not run', () => {
  test.each([
    [newYork, '30 * * * *', '2025-03-09T06:00:00Z', ['03-09T06:30', '03-09T07:30']],
    [newYork, '*/30 * * * *', '2025-03-09T06:00:00Z', ['03-09T06:30', '03-09T07:00', '03-09T07:30']],
    [newYork, '*/15 2 * * *', '2025-03-08T12:00:00Z', ['03-10T06:00']],
    [london, '*/30 1 * * *', '2025-03-29T12:00:00Z', ['03-31T00:00']],
    [
      lordHowe,
      '*/10 2 * * *',
      '2025-10-04T12:00:00Z',
      ['10-04T15:30', '10-04T15:40', '10-04T15:50', '10-05T15:00'],
    ],
  ])('%s: %s', (zone, text, after, expected) => {
    expect(occurrences(text, zone, after, expected.length)).toEqual(expected);
  });

  test.each(['*/30 2 * 3 SUN#2', '* 2 * 3 SUN#2'])('and never, if it matches no other time: %s', (text) => {
    const schedule = parseSchedule(text, newYork);
    for (const after of ['2025-01-01', '2025-03-09', '2027-06-01', '2031-01-01', '2025-01-01']) {
      expect(schedule.next(new Date(after), new Date(after))).toBeNull();
    }
  });
});

describe('in the hour that repeats, a fixed-time job runs once', () => {
  test.each([
    [newYork, '30 1 * * *', '2025-11-01T12:00:00Z', ['11-02T05:30', '11-03T06:30']],
    [newYork, '0,30 1 * * *', '2025-11-01T12:00:00Z', ['11-02T05:00', '11-02T05:30', '11-03T06:00']],
    [newYork, '30 1 * * *', '2025-11-02T06:10:00Z', ['11-03T06:30']],
    [london, '30 1 * * *', '2025-10-25T12:00:00Z', ['10-26T00:30', '10-27T01:30']],
    [lordHowe, '45 1 * * *', '2025-04-05T12:00:00Z', ['04-05T14:45', '04-06T15:15']],
  ])('%s: %s', (zone, text, after, expected) => {
    expect(occurrences(text, zone, after, expected.length)).toEqual(expected);
  });
});

describe('in the hour that repeats, a wildcard job runs in both', () => {
  test.each([
    [newYork, '30 * * * *', '2025-11-02T05:00:00Z', ['11-02T05:30', '11-02T06:30', '11-02T07:30']],
    [
      newYork,
      '*/30 1 * * *',
      '2025-11-01T12:00:00Z',
      ['11-02T05:00', '11-02T05:30', '11-02T06:00', '11-02T06:30'],
    ],
    [newYork, '5/60 1 * 11 SUN#1', '2025-11-02T05:10:00Z', ['11-02T06:05', '11-01T05:05']],
    [
      london,
      '*/30 1 * * *',
      '2025-10-25T12:00:00Z',
      ['10-26T00:00', '10-26T00:30', '10-26T01:00', '10-26T01:30'],
    ],
    [
      lordHowe,
      '*/15 1 * * *',
      '2025-04-05T14:20:00Z',
      ['04-05T14:30', '04-05T14:45', '04-05T15:00', '04-05T15:15', '04-06T14:30'],
    ],
  ])('%s: %s', (zone, text, after, expected) => {
    expect(occurrences(text, zone, after, expected.length)).toEqual(expected);
  });
});
