import { nextRun, parseSchedule } from './schedule.ts';
import { refusalOf } from './refusal-of.fixture.ts';

const anchor = new Date(0);

describe('@at occurs once, at its instant', () => {
  test.each([
    ['@at 2025-12-01T00:00:00Z', '2025-12-01T00:00:00.000Z'],
    ['@AT 2025-12-01t00:00:00z', '2025-12-01T00:00:00.000Z'],
    ['@at 2025-12-01T00:00:00.25Z', '2025-12-01T00:00:00.250Z'],
    ['@at 2025-12-01T00:00:00.1239999Z', '2025-12-01T00:00:00.123Z'],
    ['@at 2025-12-01T09:00:00+02:00', '2025-12-01T07:00:00.000Z'],
    ['@at 2025-12-01T23:30:00-05:45', '2025-12-02T05:15:00.000Z'],
    ['@at 2025-12-01T00:00:00-00:00', '2025-12-01T00:00:00.000Z'],
    ['@at 2028-02-29T12:00:00Z', '2028-02-29T12:00:00.000Z'],
  ])('%s', (text, expected) => {
    const schedule = parseSchedule(text);
    expect(schedule.kind).toBe('at');
    expect(schedule.next(new Date('2025-02-10T10:00:00Z'), anchor)?.toISOString()).toBe(expected);
  });

  test('it is over as soon as its instant is reached', () => {
    const schedule = parseSchedule('@at 2025-12-01T00:00:00Z');
    const instant = new Date('2025-12-01T00:00:00Z');
    expect(schedule.next(new Date(instant.getTime() - 1), anchor)).toEqual(instant);
    expect(schedule.next(instant, anchor)).toBeNull();
    expect(() => nextRun(schedule, instant, anchor)).toThrow(
      'unable to find next run for schedule "@at 2025-12-01T00:00:00Z"',
    );
  });

  test('the time zone of the schedule plays no part', () => {
    const schedule = parseSchedule('@at 2025-12-01T00:00:00Z', 'Asia/Tokyo');
    expect(schedule.next(anchor, anchor)).toBeNull();
    expect(schedule.next(new Date('2025-11-30T00:00:00Z'), anchor)?.toISOString()).toBe(
      '2025-12-01T00:00:00.000Z',
    );
  });

  test('the search window is five years, and its last instant is part of it', () => {
    const schedule = parseSchedule('@at 2030-01-01T00:00:00Z');
    expect(schedule.next(new Date('2025-01-01T00:00:00Z'), anchor)).not.toBeNull();
    expect(schedule.next(new Date('2024-12-31T23:59:59Z'), anchor)).toBeNull();
  });
});

describe('@at takes strictly RFC 3339, and real dates only', () => {
  test.each([
    '',
    'tomorrow',
    '2025-12-01',
    '2025-12-01T00:00:00',
    '2025-12-01T00:00Z',
    '2025-12-01 00:00:00Z',
    '2025-12-01T00:00:00+0200',
    '2025-12-01T00:00:00+02',
    '2025-12-01T00:00:00+24:00',
    '2025-12-01T00:00:00+02:60',
    '2025-12-01T00:00:00.Z',
    '2025-12-1T00:00:00Z',
    '20251201T000000Z',
    '+002025-12-01T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2025-02-30T00:00:00Z',
    '2025-04-31T00:00:00Z',
    '2025-13-01T00:00:00Z',
    '2025-00-01T00:00:00Z',
    '2025-12-00T00:00:00Z',
    '2025-12-01T24:00:00Z',
    '2025-12-01T23:60:00Z',
    '2025-12-01T23:59:60Z',
    '1764547200',
  ])('%j is refused', (instant) => {
    const text = `@at ${instant}`.trim();
    expect(refusalOf(() => parseSchedule(text))).toMatchObject({
      name: 'ScheduleError',
      message: `schedule "${text}": instant "${instant}" is not an RFC 3339 date and time`,
    });
  });
});
