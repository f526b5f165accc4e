import { Cron } from 'croner';
import { parseCronPattern } from './cron-pattern.ts';
import { pseudoRandom } from './pseudo-random.fixture.ts';
import { ScheduleError } from './schedule-error.ts';
import { parseSchedule } from './schedule.ts';

const now = new Date('2025-02-10T10:00:00Z');

/** Parses, and asks for the next occurrence; throws if either ends in anything but an answer or a ScheduleError. */
function outcome(text: string, zone?: string): 'accepted' | 'refused' {
  try {
    const next = parseSchedule(text, zone).next(now, now);
    if (next !== null && !(next > now)) throw new RangeError('does not move on');
    return 'accepted';
  } catch (error) {
    if (error instanceof ScheduleError) return 'refused';
    throw new Error(`${JSON.stringify(text)} failed`, { cause: error });
  }
}

describe('hostile text throws nothing but ScheduleError', () => {
  test.each([
    ['control characters', '\0 \u0001 * * *'],
    ['lone surrogates', '\ud800 * * * \udfff'],
    ['other white space', '\u00a00\u20280\u2029*\ufeff* *'],
    ['names of properties', '__proto__ constructor toString * *'],
    ['a name of a property', '@__proto__'],
    ['a property for a unit', '@every 1constructor'],
    ['many commas', `${','.repeat(990)} * * * *`],
    ['many digits', `${'1'.repeat(990)} * * * *`],
    ['many steps', `${'*/1,'.repeat(240)}1 * * * *`],
    ['a long duration', `@every ${'1h'.repeat(490)}`],
    ['digits without a unit', `@every ${'1'.repeat(990)}`],
    ['zeros without end', `@every ${'0'.repeat(980)}1h`],
    ['a long fraction', `@at 2025-12-01T00:00:00.${'9'.repeat(960)}Z`],
    ['a million characters', '* '.repeat(500_000)],
    ['a regular expression', '(.*)* ((a+)+)+ [ ] $'],
    ['a template', '${process.exit()} * * * *'],
  ])('%s', (_what, text) => {
    expect(['accepted', 'refused']).toContain(outcome(text));
  });

  test.each(['\0', '__proto__', '../../etc/passwd', 'America/New_York\n', 'UTC;UTC', '\ud800'])(
    'time zone %j',
    (zone) => {
      expect(outcome('@daily', zone)).toBe('refused');
    },
  );

  test('two thousand texts made of the characters that schedules are made of', () => {
    const random = pseudoRandom(42);
    const alphabet = '0123456789*/-,?#LWlw@+ \t.:TZµsmhnuJANMOsun%\u017f\u0130';
    for (let n = 0; n < 2_000; n++) {
      const length = random(n % 10 === 0 ? 1_000 : 30);
      const text = Array.from({ length }, () => alphabet[random(alphabet.length)]).join('');
      expect(['accepted', 'refused']).toContain(outcome(text));
    }
  });

  test('croner finds no fault with what the fields let pass, and the fields let pass a good part', () => {
    const random = pseudoRandom(7);
    const pick = (items: readonly string[]): string => items[random(items.length)]!;
    const values = [
      '*',
      '?',
      '0',
      '1',
      '5',
      '7',
      '12',
      '29',
      '31',
      '59',
      'SUN',
      'fri',
      'JAN',
      'dec',
      'L',
      'LW',
      '15W',
    ];
    const suffixes = ['', '', '', '', '/2', '/7', '-5', '-7', '-SUN', '-12/3', '#2', 'L', 'W', '#6'];
    const field = (): string =>
      Array.from({ length: 1 + random(2) }, () => pick(values) + pick(suffixes)).join(',');
    let accepted = 0;
    for (let n = 0; n < 20_000; n++) {
      const at = random(5);
      const text = Array.from({ length: 5 }, (_, index) =>
        index === at || random(4) === 0 ? field() : '*',
      ).join(' ');
      if (outcome(text) === 'refused') continue;
      accepted += 1;
      const pattern = parseCronPattern(text).text;
      expect(() => new Cron(pattern, { mode: '5-part', sloppyRanges: true })).not.toThrow();
    }
    expect(accepted).toBeGreaterThan(1_000);
  });
});
