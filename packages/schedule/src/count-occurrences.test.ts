import { countOccurrences } from './count-occurrences.ts';
import { lastOccurrence } from './last-occurrence.ts';
import { pseudoRandom } from './pseudo-random.fixture.ts';
import { parseSchedule, type Schedule } from './schedule.ts';
import { upcoming } from './upcoming.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const EPOCH = new Date(0);

/** The number in an interval such as `2025-01-01/2025-02-01`, without its end. */
function count(text: string, zone: string, interval: string): number {
  const [from = '', to = ''] = interval.split('/');
  const [after, until] = [new Date(Date.parse(from) - 1), new Date(Date.parse(to) - 1)];
  return countOccurrences(parseSchedule(text, zone), { after, until, anchor: EPOCH });
}

describe('on a local day whose clocks change', () => {
  const days: [zone: string, interval: string, minutes: number, counts: Record<string, number>][] = [
    // 9 March 02:00 -> 03:00, 2 November 02:00 -> 01:00.
    [
      'America/New_York',
      '2025-03-09T05:00Z/2025-03-10T04:00Z',
      23 * 60,
      { '30 2 * * *': 1, '*/30 2 * * *': 0, '0-59 2 * * *': 1, '30 2,3 * * *': 2, '0 3,2 * * SUN#2': 1 },
    ],
    [
      'America/New_York',
      '2025-11-02T04:00Z/2025-11-03T05:00Z',
      25 * 60,
      { '30 1 * * *': 1, '*/30 1 * * *': 4, '0-59 1 * * *': 60, '@hourly': 25, '@daily': 1 },
    ],
    // 5 October 02:00 -> 02:30, 6 April 02:00 -> 01:30.
    [
      'Australia/Lord_Howe',
      '2025-10-04T13:30Z/2025-10-05T13:00Z',
      23.5 * 60,
      { '15 2 * * *': 1, '45 2 * * *': 1, '15,45 2 * * *': 2, '*/10 2 * * *': 3 },
    ],
    [
      'Australia/Lord_Howe',
      '2025-04-05T13:00Z/2025-04-06T13:30Z',
      24.5 * 60,
      { '45 1 * * *': 1, '*/15 1 * * *': 6 },
    ],
    // 15 October 00:00 -> 01:00, 19 February 00:00 -> 18 February 23:00.
    [
      'America/Sao_Paulo',
      '2017-10-15T03:00Z/2017-10-16T02:00Z',
      23 * 60,
      { '30 0 * * *': 1, '0 0 15 10 *': 1, '*/30 0 * * *': 0, '0 0,1 15 10 *': 1 },
    ],
    [
      'America/Sao_Paulo',
      '2017-02-18T02:00Z/2017-02-19T03:00Z',
      25 * 60,
      { '30 23 * * *': 1, '*/30 23 * * SAT': 4, '0 0 * * *': 1, '0 0 19 2 *': 0 },
    ],
    // There is no 30 December.
    [
      'Pacific/Apia',
      '2011-12-29T10:00Z/2011-12-31T10:00Z',
      48 * 60,
      { '0 12 * * *': 3, '* 12 * * *': 120, '0 12 30 12 *': 1, '*/5 12 30 12 *': 0, '0 0 * * *': 2 },
    ],
    ['Europe/London', '2025-03-30T00:00Z/2025-03-30T23:00Z', 23 * 60, { '30 1 * * *': 1, '*/30 1 * * *': 0 }],
    ['Europe/London', '2025-10-25T23:00Z/2025-10-27T00:00Z', 25 * 60, { '30 1 * * *': 1, '*/30 1 * * *': 4 }],
    ['UTC', '2025-03-30T00:00Z/2025-03-31T00:00Z', 24 * 60, { '30 1 * * *': 1, '*/30 1 * * *': 2 }],
  ];

  test.each(days)('%s, %s', (zone, interval, minutes, counts) => {
    const texts = Object.keys(counts);
    const actual = Object.fromEntries(texts.map((text) => [text, count(text, zone, interval)]));
    expect([count('* * * * *', zone, interval), actual]).toEqual([minutes, counts]);
  });

  test('the second pass of a repeated hour has no fixed-time runs', () => {
    expect(count('0-59 1 * * *', 'America/New_York', '2025-11-02T06:00Z/2025-11-02T07:00Z')).toBe(0);
    expect(count('0-59 23 * * *', 'America/Sao_Paulo', '2017-02-19T02:00Z/2017-02-19T03:00Z')).toBe(0);
  });

  test('the run after a gap is at its very end', () => {
    const zone = 'America/New_York';
    expect(count('30 2 * * *', zone, '2025-03-09T05:00Z/2025-03-09T07:00Z')).toBe(0);
    expect(count('30 2 * * *', zone, '2025-03-09T07:00Z/2025-03-09T07:00:00.001Z')).toBe(1);
    expect(count('30 2 * * *', zone, '2025-03-09T07:00:00.001Z/2025-03-10T04:00Z')).toBe(0);
  });
});

describe('over a long time', () => {
  test.each([
    ['* * * * *', 'UTC', '2025-01-01T00:00Z/2030-01-01T00:00Z', 1826 * 1440],
    ['* * * * *', 'America/New_York', '2025-01-01T05:00Z/2030-01-01T05:00Z', 1826 * 1440],
    ['30 2 * * *', 'America/New_York', '2025-01-01T05:00Z/2030-01-01T05:00Z', 1826],
    ['0 0 13 * FRI', 'UTC', '2025-01-01T00:00Z/2026-01-01T00:00Z', 52 + 12 - 1],
    ['0 0 L * *', 'US/Eastern', '2025-01-01T05:00Z/2030-01-01T05:00Z', 60],
    ['0 0 31W * *', 'Asia/Kolkata', '2025-01-01T00:00Z/2030-01-01T00:00Z', 35],
    ['0 0 31 2 *', 'UTC', '2025-01-01T00:00Z/2030-01-01T00:00Z', 0],
    ['* 2 * 3 SUN#2', 'America/New_York', '2025-01-01T00:00Z/2030-01-01T00:00Z', 0],
    ['@EVERY 1H', 'UTC', '2025-01-01T00:00Z/2030-01-01T00:00Z', 1826 * 24],
    ['@at 2027-01-01T00:00:00Z', 'UTC', '2025-01-01T00:00Z/2030-01-01T00:00Z', 1],
    ['@at 2030-01-01T00:00:00Z', 'UTC', '2025-01-01T00:00Z/2030-01-01T00:00Z', 0],
  ])('%s in %s', (text, zone, interval, expected) => {
    expect(count(text, zone, interval)).toBe(expected);
  });

  test('no occurrence is looked for', () => {
    const schedule = parseSchedule('*/5 9-17 * * MON-FRI', 'America/New_York');
    const blind: Schedule = {
      ...schedule,
      next() {
        throw new Error('no search is needed');
      },
    };
    const span = { after: new Date('2025-01-01'), until: new Date('2029-12-31'), anchor: EPOCH };
    expect(countOccurrences(blind, span)).toBeGreaterThan(100_000);
  });

  test('nothing counts after a pause of more than five years', () => {
    expect(count('0 0 29 2 *', 'UTC', '2095-01-01T00:00Z/2109-01-01T00:00Z')).toBe(1);
    expect(count('0 0 29 2 *', 'UTC', '2080-01-01T00:00Z/2097-01-01T00:00Z')).toBe(5);
  });
});

test('a span that is empty or ends before it begins has no occurrences', () => {
  for (const text of ['* * * * *', '0-59 0-23 * * *', '@every 1s', '@at 2025-06-01T00:00:00Z']) {
    expect(count(text, 'America/New_York', '2025-06-02T00:00Z/2025-06-02T00:00Z')).toBe(0);
    expect(count(text, 'America/New_York', '2025-06-02T00:00Z/2025-05-01T00:00Z')).toBe(0);
  }
});

test.each(['1s', '1.5h', '1.0000007s', '1000001us', '1.999999s', '7m'])(
  '@every %s, as by walking',
  (duration) => {
    const schedule = parseSchedule(`@every ${duration}`);
    const random = pseudoRandom(duration.length);
    for (let n = 0; n < 100; n++) {
      const anchor = new Date(Date.parse('2025-01-01') + random(DAY));
      const after = new Date(anchor.getTime() + random(HOUR * 100) - HOUR);
      const runs = upcoming(schedule, { after, anchor, count: 10 });
      for (const [index, until] of runs.entries()) {
        const [early, late] = [new Date(until.getTime() - 1), new Date(until.getTime() + random(999))];
        expect(countOccurrences(schedule, { after, until: early, anchor })).toBe(index);
        expect(countOccurrences(schedule, { after, until, anchor })).toBe(index + 1);
        expect(countOccurrences(schedule, { after, until: late, anchor })).toBe(index + 1);
        expect(lastOccurrence(schedule, { after, until: late, anchor })).toEqual(until);
      }
    }
  },
);

describe('whatever the schedule, it is what walking with schedule.next finds', () => {
  const changes: [zone: string, instants: string[]][] = [
    ['America/New_York', ['2025-03-09T07:00Z', '2025-11-02T06:00Z', '2024-02-28T12:00Z']],
    ['Europe/London', ['2025-03-30T01:00Z', '2025-10-26T01:00Z', '2024-12-31T12:00Z']],
    ['Australia/Lord_Howe', ['2025-04-05T15:00Z', '2025-10-04T15:30Z']],
    ['America/Sao_Paulo', ['2017-02-19T02:00Z', '2017-10-15T03:00Z']],
    ['Pacific/Apia', ['2011-12-30T10:00Z', '2011-09-24T11:00Z']],
    ['America/Nuuk', ['2025-03-30T01:00Z', '2025-10-26T01:00Z']],
    ['Antarctica/Troll', ['2025-03-30T01:00Z', '2025-10-26T01:00Z']],
    ['Asia/Kathmandu', ['2025-02-28T18:15Z', '1985-12-31T18:30Z']],
    ['UTC', ['2025-02-28T12:00Z', '2024-02-29T00:00Z']],
  ];
  const minutes = ['0', '30', '0,30', '*/30', '15', '5/20', '0-59', '*', '59', '10-50/20,0'];
  const hours = ['*', '0', '1', '2', '23', '0-3', '22-23,0', '1,2', '*/2', '0-23', '3/5'];
  const days = [
    '*',
    '*',
    '?',
    'L',
    'LW',
    '1W,15W',
    '29-31',
    '*/2',
    '1,15,L',
    '30W',
    '6,9',
    '*/1',
    '25-28/3,2',
  ];
  const months = ['*', '*', '*', '2-4,9-12', 'FEB,MAR,APR,OCT-DEC', '*/2', '2/1'];
  const weekdays = [
    '*',
    '*',
    '?',
    '0',
    '7',
    'SUN#2,SUNL',
    '5#5',
    'FRI-SUN',
    '*/2',
    '1/2',
    'MON,WED#1',
    '6L',
    '0-7/7',
  ];
  const random = pseudoRandom(20_250_309);
  const oneOf = (values: readonly string[]): string => values[random(values.length)]!;

  /** Instants at, right before and right after what matters, or anywhere. */
  function instantNear(landmarks: readonly number[], from: number, to: number): number {
    const landmark = landmarks[random(landmarks.length * 2)];
    const instant = landmark === undefined ? from + random(to - from) : landmark + random(3) - 1;
    return Math.min(Math.max(instant, from), to);
  }

  test.each(changes)('%s', (zone, instants) => {
    for (let n = 0; n < 30; n++) {
      const text = [minutes, hours, days, months, weekdays].map(oneOf).join(' ');
      const schedule = parseSchedule(text, zone);
      const change = Date.parse(oneOf(instants));
      const from = change - DAY - random(2 * DAY);
      const runs = upcoming(schedule, { after: new Date(from), anchor: EPOCH, count: 50 }).map(Number);
      const to = Math.min(runs.at(-1) ?? Infinity, change + 3 * DAY + random(30 * DAY));
      for (let span = 0; span < 15; span++) {
        const landmarks = [change, ...runs.filter((run) => run <= to)];
        const ends = [instantNear(landmarks, from, to), instantNear(landmarks, from, to)];
        const [after, until] = [Math.min(...ends), Math.max(...ends)];
        const expected = runs.filter((run) => run > after && run <= until);
        const asked = { after: new Date(after), until: new Date(until), anchor: EPOCH };
        const actual = [countOccurrences(schedule, asked), lastOccurrence(schedule, asked)?.getTime()];
        expect([text, asked, ...actual]).toEqual([text, asked, expected.length, expected.at(-1)]);
      }
    }
  });
});

test('@every is counted to the millisecond at which it occurs', () => {
  const schedule = parseSchedule('@every 22s917634us');
  const at = schedule.next(new Date(57_294_000), EPOCH);
  expect(at).toEqual(new Date(57_294_085));
  const counted = [57_294_084, 57_294_085].map((until) =>
    countOccurrences(schedule, { after: EPOCH, until: new Date(until), anchor: EPOCH }),
  );
  expect(counted).toEqual([2_499, 2_500]);
});
