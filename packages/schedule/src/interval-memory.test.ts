import { Cron } from 'croner';
import { rememberLastStretch, type Stretch } from './interval-memory.ts';
import { parseSchedule } from './schedule.ts';
import { pseudoRandom } from './pseudo-random.fixture.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = 366 * DAY;

/** Every ten milliseconds, and a record of what was searched for. */
function everyTen(): { next: (after: number) => number | null; searched: number[] } {
  const searched: number[] = [];
  const next = rememberLastStretch((after) => {
    searched.push(after);
    return { until: Math.floor(after / 10) * 10 + 10, occurs: true };
  });
  return { next: (after) => next(after, 0), searched };
}

/** A search that always finds the same, and how often it was made. */
function counted(stretch: Stretch): { next: (after: number) => number | null; count: () => number } {
  let searches = 0;
  const next = rememberLastStretch(() => {
    searches += 1;
    return stretch;
  });
  return { next: (after) => next(after, 0), count: () => searches };
}

/** What croner answers that has never been asked before. */
function fresh(text: string, zone: string, after: number): number | undefined {
  const where = zone === 'UTC' ? { utcOffset: 0 } : { timezone: zone };
  const cron = new Cron(text, {
    mode: '5-part',
    sloppyRanges: true,
    fixedTimeRule: 'no-wildcard',
    ...where,
  });
  return cron.nextRun(new Date(after))?.getTime();
}

describe('the last interval is remembered', () => {
  test('between two occurrences nothing is searched again', () => {
    const { next, searched } = everyTen();
    expect([20, 21, 25, 29].map(next)).toEqual([30, 30, 30, 30]);
    expect(searched).toEqual([20]);
  });

  test('an occurrence itself belongs to the interval that follows it', () => {
    const { next, searched } = everyTen();
    expect([25, 30, 39, 40].map(next)).toEqual([30, 40, 40, 50]);
    expect(searched).toEqual([25, 30, 40]);
  });

  test('what lies before the instant first asked from is searched, and then known too', () => {
    const { next, searched } = everyTen();
    expect([28, 22, 24, 28].map(next)).toEqual([30, 30, 30, 30]);
    expect(searched).toEqual([28, 22]);
  });

  test('asking for earlier intervals is answered rightly, too', () => {
    const { next } = everyTen();
    expect([55, 15, 54, 20, 19].map(next)).toEqual([60, 20, 60, 30, 20]);
  });
});

describe('that nothing occurs is remembered', () => {
  test('forever, if nothing ever occurs', () => {
    const { next, count } = counted({ until: Infinity, occurs: false });
    expect([0, YEAR, 100 * YEAR].map(next)).toEqual([null, null, null]);
    expect(count()).toBe(1);
  });

  test('as long as the search window is inside of what was searched', () => {
    const { next, count } = counted({ until: 6 * YEAR, occurs: false });
    expect([0, DAY, YEAR / 2].map(next)).toEqual([null, null, null]);
    expect(count()).toBe(1);
    expect(next(2 * YEAR)).toBeNull();
    expect(count()).toBe(2);
  });

  test('until a far occurrence comes into the window', () => {
    const { next, count } = counted({ until: 9 * YEAR, occurs: true });
    expect([0, 2 * YEAR, 5 * YEAR].map(next)).toEqual([null, null, 9 * YEAR]);
    expect(count()).toBe(1);
  });
});

describe('the answers are those of a fresh croner', () => {
  const texts = [
    '* * * * *',
    '*/7 * * * *',
    '30 * * * *',
    '5/15 1-3 * * *',
    '*/20 2 * * *',
    '30 2 * * *',
    '0,30 1,2 * * *',
    '15 0 * * *',
    '0 9-17 * * 1-5',
    '0 0 13 * 5',
    '0 3 L * *',
    '30 1 15W,1W * *',
    '59 23 LW * *',
    '0 2 * 3,10,11 SUN#1,SUN#2,SUNL',
    '0 0 29 2 *',
  ];
  const zones = [
    'UTC',
    'America/New_York',
    'Europe/London',
    'Australia/Lord_Howe',
    'America/Santiago',
    'Asia/Kolkata',
  ];
  const changes = [
    '2025-03-09T07:00:00Z',
    '2025-11-02T06:00:00Z',
    '2025-03-30T01:00:00Z',
    '2025-10-26T01:00:00Z',
    '2025-04-05T15:00:00Z',
    '2025-10-04T15:30:00Z',
    '2025-09-07T04:00:00Z',
    '2025-04-06T03:00:00Z',
  ].map((instant) => Date.parse(instant));

  test.each(zones)('in %s, asked in no order and in small steps around changes of the clocks', (zone) => {
    const random = pseudoRandom(zones.indexOf(zone) + 1);
    for (const text of texts) {
      const schedule = parseSchedule(text, zone);
      let after = Date.parse('2025-01-01T00:00:00Z');
      for (let n = 0; n < 80; n++) {
        const step = n % 8;
        if (step === 0) after = changes[random(changes.length)]! - 3 * HOUR + random(6 * HOUR);
        else if (step === 1) after = Date.parse('2024-01-01T00:00:00Z') + random(YEAR) * 2;
        else if (step < 6) after += random(40 * 60_000) - 10 * 60_000;
        else after = schedule.next(new Date(after), new Date(0))?.getTime() ?? after;
        const next = schedule.next(new Date(after), new Date(0))?.getTime();
        expect({ text, after, next }).toEqual({ text, after, next: fresh(text, zone, after) });
        expect(next ?? Infinity).toBeGreaterThan(after);
      }
    }
  });
});
