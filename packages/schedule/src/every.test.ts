import { parseSchedule } from './schedule.ts';
import { refusalOf } from './refusal-of.fixture.ts';

const anchor = new Date('2025-02-10T10:00:00Z');

function next(text: string, after: string): string | undefined {
  return parseSchedule(text).next(new Date(after), anchor)?.toISOString();
}

describe('@every counts from its anchor', () => {
  test.each([
    ['@every 15m', '2025-02-10T10:00:00.000Z', '2025-02-10T10:15:00.000Z'],
    ['@every 1h30m', '2025-02-10T10:00:00.000Z', '2025-02-10T11:30:00.000Z'],
    ['@every 15m', '2025-02-10T10:00:00.001Z', '2025-02-10T10:15:00.000Z'],
    ['@every 15m', '2025-02-10T10:14:59.999Z', '2025-02-10T10:15:00.000Z'],
    ['@every 15m', '2025-02-10T10:15:00.000Z', '2025-02-10T10:30:00.000Z'],
    ['@every 15m', '2025-02-11T03:07:12.345Z', '2025-02-11T03:15:00.000Z'],
    ['@every 43800h', '2025-02-10T10:00:00.000Z', '2030-02-09T10:00:00.000Z'],
  ])('%s after %s is %s', (text, after, expected) => {
    expect(next(text, after)).toBe(expected);
  });

  test('the anchor itself is the first occurrence, asked from before it', () => {
    expect(next('@every 15m', '2024-12-01T00:00:00Z')).toBe('2025-02-10T10:00:00.000Z');
  });

  test('an anchor more than five years ahead has no occurrence within the search window', () => {
    expect(next('@every 15m', '2020-02-10T09:59:59Z')).toBeUndefined();
  });

  test('a million occurrences on there is no drift, whatever the delay with which one asks', () => {
    const schedule = parseSchedule('@every 7s');
    for (const n of [1, 999, 1_000_000]) {
      const late = new Date(anchor.getTime() + n * 7_000 + 3_210);
      expect(schedule.next(late, anchor)?.getTime()).toBe(anchor.getTime() + (n + 1) * 7_000);
    }
  });

  test('an interval with microseconds does not drift, and its occurrences always move on', () => {
    const schedule = parseSchedule('@every 1s400us');
    let at = anchor;
    for (let n = 1; n <= 5_000; n++) {
      const following = schedule.next(at, anchor);
      expect(following?.getTime()).toBe(anchor.getTime() + Math.floor((n * 10_004) / 10));
      at = following!;
    }
  });

  test('an occurrence on a full millisecond is not a millisecond early', () => {
    const schedule = parseSchedule('@every 22s917634us');
    const late = new Date(anchor.getTime() + 57_294_000);
    expect(schedule.next(late, anchor)?.getTime()).toBe(anchor.getTime() + 57_294_085);
  });

  test('changes of the clocks do not matter, even if a time zone is given', () => {
    const day = parseSchedule('@every 24h', 'America/New_York');
    const before = new Date('2025-03-08T12:00:00Z');
    expect(day.next(before, before)?.toISOString()).toBe('2025-03-09T12:00:00.000Z');
  });
});

describe('@every refuses what is no duration', () => {
  test.each([
    ['@every', ''],
    ['@every   ', ''],
    ['@every soon', 'soon'],
    ['@every 500ms', '500ms'],
    ['@every -1h', '-1h'],
    ['@every 0s', '0s'],
    ['@every 6x', '6x'],
    ['@EVERY 1D', '1D'],
    ['  @every  1h  30m ', '1h  30m'],
    ['@every 100000h', '100000h'],
  ])('%j quotes the duration as it was written', (text, duration) => {
    expect(refusalOf(() => parseSchedule(text))).toMatchObject({
      name: 'ScheduleError',
      message: `parse duration "${duration}": invalid`,
      schedule: text.trim().replaceAll(/\s+/g, ' '),
    });
  });
});
