import { parseSchedule } from './schedule.ts';
import { refusalOf } from './refusal-of.fixture.ts';

describe('a time zone is an IANA name', () => {
  test('it is UTC by default', () => {
    expect(parseSchedule('@daily').timezone).toBe('UTC');
  });

  test.each([
    ['America/New_York', 'America/New_York'],
    ['america/new_york', 'America/New_York'],
    ['utc', 'UTC'],
    ['Etc/UTC', 'Etc/UTC'],
    ['GMT', 'GMT'],
    ['EST', 'EST'],
    ['EST5EDT', 'EST5EDT'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['US/Eastern', 'US/Eastern'],
    ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
  ])('%s is shown as %s', (name, shown) => {
    expect(parseSchedule('@daily', name).timezone).toBe(shown);
  });

  test.each([
    ['UTC', '2025-07-02T12:00:00.000Z'],
    ['Zulu', '2025-07-02T12:00:00.000Z'],
    ['Asia/Kolkata', '2025-07-02T06:30:00.000Z'],
    ['EST', '2025-07-01T17:00:00.000Z'],
    ['America/New_York', '2025-07-01T16:00:00.000Z'],
    ['Pacific/Kiritimati', '2025-07-01T22:00:00.000Z'],
  ])('noon in %s', (name, expected) => {
    const noon = parseSchedule('0 12 * * *', name);
    const after = new Date('2025-07-01T12:00:00Z');
    expect(noon.next(after, after)?.toISOString()).toBe(expected);
  });

  test.each(['Mars/Base', '', ' UTC', '+02:00', '-0500', 'PST', 'IST', 'SystemV/EST5', 'Local', 'UTC\0'])(
    '%j is refused, whatever the schedule is',
    (name) => {
      for (const text of ['@daily', '@every 1h', '@at 2025-12-01T00:00:00Z']) {
        expect(refusalOf(() => parseSchedule(text, name))).toMatchObject({
          name: 'ScheduleError',
          message: `timezone "${name}" is not an IANA time zone`,
          schedule: text,
        });
      }
    },
  );

  test('the message does not repeat a name of any length', () => {
    expect(() => parseSchedule('@daily', 'A'.repeat(1_000_000))).toThrow(
      `timezone "${'A'.repeat(64)}" is not an IANA time zone`,
    );
  });
});
