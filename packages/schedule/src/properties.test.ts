import * as fc from 'fast-check';
import { pseudoRandom } from './pseudo-random.fixture.ts';
import { DIFFERENTIAL_ZONES, randomCron, randomInstant } from './random-schedule.fixture.ts';
import { ScheduleError } from './schedule-error.ts';
import { parseSchedule, type Schedule } from './schedule.ts';
import { upcoming } from './upcoming.ts';

const ANCHOR = new Date('2025-02-10T10:00:00Z');
const DAY = 86_400_000;

const seeds = fc.integer();
const zones = fc.constantFrom(...DIFFERENTIAL_ZONES);
const crons = seeds.map((seed) => randomCron(pseudoRandom(seed)));
const milliseconds = fc.integer({ min: 1_000, max: 400 * DAY });
const instants = fc.date({ min: new Date('1985-01-01'), max: new Date('2049-12-31'), noInvalidDate: true });

const texts = fc.oneof(
  { weight: 6, arbitrary: crons },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '@hourly',
      '@Daily',
      '@midnight',
      '@weekly',
      '@MONTHLY',
      '@annually',
      '@yearly',
    ),
  },
  { weight: 2, arbitrary: milliseconds.map((length) => `@every ${length / 1_000}s`) },
  { weight: 1, arbitrary: instants.map((at) => `@at ${at.toISOString()}`) },
);

/** A question at an instant that may be anywhere, and is often close to where clocks or calendars do something special. */
const questions = fc
  .record({ text: texts, zone: zones, seed: seeds })
  .map(({ text, zone, seed }) => ({ text, zone, from: randomInstant(pseudoRandom(seed), zone) }));

function next(schedule: Schedule, from: number, anchor = ANCHOR): number | null {
  return schedule.next(new Date(from), anchor)?.getTime() ?? null;
}

describe('the next occurrence', () => {
  test('is later than the instant asked from, and at most five years and a day', () => {
    fc.assert(
      fc.property(questions, ({ text, zone, from }) => {
        const found = next(parseSchedule(text, zone), from);
        if (found === null) return;
        expect(found).toBeGreaterThan(from);
        expect(found - from).toBeLessThanOrEqual((5 * 365 + 2) * DAY);
      }),
      { numRuns: 500 },
    );
  });

  test('is the next one of every instant from there up to it, to the millisecond before', () => {
    fc.assert(
      fc.property(questions, fc.double({ min: 0, max: 1, noNaN: true }), ({ text, zone, from }, part) => {
        const schedule = parseSchedule(text, zone);
        const found = next(schedule, from);
        if (found === null) return;
        expect(next(schedule, found - 1)).toBe(found);
        expect(next(schedule, Math.min(found - 1, Math.floor(from + part * (found - from))))).toBe(found);
        expect(next(schedule, found) ?? Infinity).toBeGreaterThan(found);
      }),
      { numRuns: 500 },
    );
  });
});

/** Every occurrence later than `from`, up to `to` and including it. */
function windowOf(schedule: Schedule, from: number, to: number): number[] {
  const found: number[] = [];
  for (let at = next(schedule, from); at !== null && at <= to; at = next(schedule, at)) found.push(at);
  return found;
}

test('a window is the union of the windows that it is cut into, in whatever order they are asked for', () => {
  fc.assert(
    fc.property(
      questions,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
      ({ text, zone, from }, cuts) => {
        const schedule = parseSchedule(text, zone);
        const end = upcoming(schedule, { after: new Date(from), anchor: ANCHOR, count: 40 })
          .at(-1)
          ?.getTime();
        if (end === undefined) return;
        const whole = windowOf(schedule, from, end);
        const edges = [
          from,
          ...cuts.map((cut) => Math.floor(from + cut * (end - from))).toSorted((a, b) => a - b),
          end,
        ];
        const pieces = edges
          .slice(1)
          .map((to, n) => ({ from: edges[n]!, to }))
          .toReversed()
          .map((piece) => windowOf(schedule, piece.from, piece.to));
        expect(pieces.toReversed().flat()).toEqual(whole);
      },
    ),
    { numRuns: 200 },
  );
});

test('what a schedule shows as its text is that schedule, and letters and white space do not matter', () => {
  const spaces = fc.constantFrom(' ', '  ', '\t', ' \n ');
  fc.assert(
    fc.property(questions, spaces, ({ text, zone, from }, space) => {
      const schedule = parseSchedule(space + text.replaceAll(' ', space) + space, zone);
      const again = parseSchedule(schedule.text, schedule.timezone);
      const inOtherLetters = [text.toUpperCase(), text.toLowerCase()].map((letters) =>
        parseSchedule(letters, zone),
      );
      expect(again.text).toBe(schedule.text);
      for (const same of [again, ...inOtherLetters]) {
        expect([same.kind, same.timezone]).toEqual([schedule.kind, schedule.timezone]);
        expect(next(same, from)).toBe(next(schedule, from));
      }
    }),
    { numRuns: 300 },
  );
});

test('@every does not drift over 10,000 occurrences, however long the executions take', () => {
  const intervals = fc.oneof(
    milliseconds.map((length) => ({ text: `${length}ms`, microseconds: length * 1_000 })),
    fc
      .integer({ min: 1_000_000, max: 90_000_000 })
      .map((length) => ({ text: `${length}us`, microseconds: length })),
  );
  fc.assert(
    fc.property(intervals, instants, seeds, ({ text, microseconds }, anchor, seed) => {
      const schedule = parseSchedule(`@every ${text}`);
      const random = pseudoRandom(seed);
      const occurrence = (n: number): number =>
        anchor.getTime() + Number((BigInt(n) * BigInt(microseconds)) / 1_000n);
      let now = anchor.getTime();
      let n = 1;
      let wrong = 0;
      for (let run = 1; run <= 10_000; run++) {
        while (occurrence(n) <= now) n += 1;
        if (next(schedule, now, anchor) !== occurrence(n)) wrong += 1;
        // Mostly shorter than the interval, at times several of them.
        const longest = random(20) === 0 ? 4 * microseconds : microseconds;
        now = occurrence(n) + random(Math.floor(longest / 1_000));
      }
      expect(wrong).toBe(0);
    }),
    { numRuns: 20 },
  );
});

/** Throws if a text is met by anything but an answer or a ScheduleError. */
function meet(text: string, zone: string): void {
  try {
    next(parseSchedule(text, zone), ANCHOR.getTime());
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
  }
}

/** Microseconds of the processor: on a busy machine the clock on the wall goes on without us. */
function costOf(text: string, zone: string): number {
  const start = process.cpuUsage();
  meet(text, zone);
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

describe('bytes as a schedule', () => {
  const LIMIT = 50_000;
  // Another spelling of the zone is another schedule, so that what is measured again is not what was kept.
  const spellings = ['UTC', 'utc', 'Utc', 'uTc', 'utC', 'UTc', 'uTC', 'UtC'];

  function expectQuick(text: string): void {
    // Garbage collection and the compiler may fall into any single measurement, not into all.
    const isQuick = spellings.some((zone) => costOf(text, zone) < LIMIT);
    expect({ text, isQuick }).toEqual({ text, isQuick: true });
  }

  const bytes = fc.uint8Array({ maxLength: 1_200 }).map((array) => Buffer.from(array));
  const garbled = fc
    .record({
      text: texts,
      at: fc.nat(30),
      junk: fc.string({ unit: 'binary', maxLength: 4 }),
      length: fc.nat(3),
    })
    .map(({ text, at, junk, length }) => text.slice(0, at) + junk + text.slice(at + length));
  const cronLike = fc.string({
    unit: fc.constantFrom(...'0123456789*/-,?#LWlw@+ \t.:TZµsmhnuJANMOsun%'.split('')),
    maxLength: 60,
  });

  test.each([
    ['in UTF-8', bytes.map((array) => array.toString('utf8'))],
    ['in Latin-1', bytes.map((array) => array.toString('latin1'))],
    ['in UTF-16', bytes.map((array) => array.toString('utf16le'))],
    ['put into a good schedule', garbled],
    ['of the characters that schedules are made of', cronLike],
    ['of valid cron', crons],
  ])('%s throw nothing but ScheduleError, and take no more than 50 ms', (_what, arbitrary) => {
    fc.assert(fc.property(arbitrary, expectQuick), { numRuns: 500 });
  });

  test('as a time zone throw nothing but ScheduleError', () => {
    const names = fc.oneof(
      bytes.map((array) => array.toString('latin1')),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    fc.assert(
      fc.property(names, (zone) => {
        expect(() => meet('0 0 * * *', zone)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});
