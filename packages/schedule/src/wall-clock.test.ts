import { parseSchedule } from './schedule.ts';
import { changesOf, spansOf } from './reference-zone.fixture.ts';
import { wallClock } from './wall-clock.ts';

const DAY = 86_400_000;
const FIRST = Date.UTC(1990, 0);
const LAST = Date.UTC(2080, 0);

/** The instants close to which a wrong clock would show: both ends of each of its spans, and the middle. */
function instantsOf(zone: string): { instant: number; offset: number }[] {
  return spansOf(zone).flatMap(({ from, until, offset }) =>
    [from, from + 1, (from + until) / 2, until - 1]
      .filter((instant) => instant >= FIRST && instant < LAST)
      .map((instant) => ({ instant, offset })),
  );
}

describe('clocks show what Temporal says', () => {
  test('in every zone, at both ends of every change since 1990 and up to 2080', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    expect(zones.length).toBeGreaterThan(400);
    for (const zone of zones) {
      const clock = wallClock(zone);
      const wrong = instantsOf(zone).filter(({ instant, offset }) => clock.spanAt(instant).offset !== offset);
      expect([zone, wrong.map(({ instant }) => new Date(instant))]).toEqual([zone, []]);
    }
  });

  test('every change is the end of one span and the start of the next', () => {
    const clock = wallClock('Australia/Lord_Howe');
    const changes = changesOf('Australia/Lord_Howe').filter((change) => change > FIRST && change < LAST);
    expect(changes).toHaveLength(180);
    for (const change of changes) {
      expect(clock.spanAt(change - 1).until).toBe(change);
      expect(clock.spanAt(change).from).toBe(change);
    }
  });

  test('before standard time, to the second', () => {
    expect(wallClock('America/New_York').spanAt(Date.UTC(1883, 0)).offset).toBe(
      -(4 * 3_600 + 56 * 60 + 2) * 1_000,
    );
  });
});

describe('as far as a Date reaches', () => {
  test.each(['UTC', 'America/New_York', 'Pacific/Kiritimati'])('%s', (zone) => {
    for (const text of ['* * * * *', '30 2 * * *']) {
      const schedule = parseSchedule(text, zone);
      const year0 = new Date('-000500-06-01T00:00:00Z');
      expect(schedule.next(year0, year0)?.getTime()).toBeLessThanOrEqual(year0.getTime() + DAY);
      const last = new Date(8.64e15);
      expect(schedule.next(last, last)).toBeNull();
    }
  });
});
