import { runDifferential } from './differential.fixture.ts';
import { randomInstant } from './random-schedule.fixture.ts';
import { pseudoRandom } from './pseudo-random.fixture.ts';
import { referenceCron } from './reference-cron.fixture.ts';
import { referenceNext } from './reference-next.fixture.ts';

// A sample; `npm run differential` compares as many as one likes.

test('the package, a brute-force matcher and cron-parser give the same answers', () => {
  const tally = runDifferential({ cases: 4_000, seed: 20_251_201, cronParserOneIn: 8 });
  expect(tally.disagreements).toEqual([]);
  // The sample is worth something only if it meets what is difficult.
  expect(tally.nearClockChange).toBeGreaterThan(700);
  expect(tally.withoutNext).toBeGreaterThan(30);
  expect(tally.everyMinute).toBeGreaterThan(50);
  expect(tally.cronParser.same).toBeGreaterThan(350);
});

describe('the brute-force matcher itself follows the rules', () => {
  test.each([
    ['30 2 * * *', 'America/New_York', '2025-03-08T12:00:00Z', '2025-03-09T07:00:00.000Z'],
    ['*/30 2 * * *', 'America/New_York', '2025-03-08T12:00:00Z', '2025-03-10T06:00:00.000Z'],
    ['30 1 * * *', 'America/New_York', '2025-11-02T05:30:00Z', '2025-11-03T06:30:00.000Z'],
    ['*/30 1 * * *', 'America/New_York', '2025-11-02T05:30:00Z', '2025-11-02T06:00:00.000Z'],
    ['15 2 * * *', 'Australia/Lord_Howe', '2025-10-04T12:00:00Z', '2025-10-04T15:30:00.000Z'],
    ['45 1 * * *', 'Australia/Lord_Howe', '2025-04-05T14:45:00Z', '2025-04-06T15:15:00.000Z'],
    ['30 0 * * *', 'America/Sao_Paulo', '2017-10-14T12:00:00Z', '2017-10-15T03:00:00.000Z'],
    ['5 0 1 1 *', 'Asia/Kathmandu', '1985-12-01T00:00:00Z', '1985-12-31T18:30:00.000Z'],
    ['30 5 30 12 *', 'Pacific/Apia', '2011-12-01T00:00:00Z', '2011-12-30T10:00:00.000Z'],
    ['*/30 5 30 12 *', 'Pacific/Apia', '2011-12-01T00:00:00Z', '2012-12-29T15:00:00.000Z'],
    ['0 0 13 * 5', 'UTC', '2025-02-10T10:00:00Z', '2025-02-13T00:00:00.000Z'],
    ['0 0 1W 3 ?', 'UTC', '2025-02-10T10:00:00Z', '2025-03-03T00:00:00.000Z'],
    ['0 0 LW 8 *', 'UTC', '2025-02-10T10:00:00Z', '2025-08-29T00:00:00.000Z'],
    ['0 0 ? * FRI#2,7L', 'UTC', '2025-02-10T10:00:00Z', '2025-02-14T00:00:00.000Z'],
    ['5/15 10 * * *', 'UTC', '2025-02-10T10:00:00Z', '2025-02-10T10:05:00.000Z'],
    ['0 0 * 2 MON#5', 'UTC', '2025-02-10T10:00:00Z', null],
  ])('%s in %s after %s', (text, zone, after, expected) => {
    const next = referenceNext(referenceCron(text), zone, Date.parse(after), false);
    expect(next === null ? null : new Date(next).toISOString()).toBe(expected);
  });

  test('and is not misled by the days that it leaves out', () => {
    const random = pseudoRandom(3);
    for (const text of ['30 2 * 3,10,11 SUN', '*/20 0-2 * 3,10,11 SUN', '0-59 * 29 2 *']) {
      const cron = referenceCron(text);
      for (const zone of ['America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Pacific/Apia']) {
        const after = randomInstant(random, zone);
        expect(referenceNext(cron, zone, after, false)).toBe(referenceNext(cron, zone, after, true));
      }
    }
  });
});
