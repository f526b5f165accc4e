import { parseDuration } from './duration.ts';
import { ScheduleError } from './schedule-error.ts';
import { refusalOf } from './refusal-of.fixture.ts';

describe('a duration has the syntax of Go', () => {
  test.each([
    ['1s', 1_000],
    ['15m', 900_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['.5h', 1_800_000],
    ['1.h', 3_600_000],
    ['1.1s', 1_100],
    ['4.35m', 261_000],
    ['1500ms', 1_500],
    ['1000000us', 1_000],
    ['1000000\u00b5s', 1_000],
    ['1000000\u03bcs', 1_000],
    ['1000000000ns', 1_000],
    ['1s500us', 1_000.5],
    ['1s1ns', 1_000.000001],
    ['30m1h', 5_400_000],
    ['1m1m', 120_000],
    ['1h0m0s', 3_600_000],
    ['0.5m30s', 60_000],
    ['43800h', 157_680_000_000],
  ])('%s is %d ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });
});

describe('anything else is refused, word for word', () => {
  test.each([
    ['nothing', ''],
    ['a number without a unit', '15'],
    ['a unit without a number', 'm'],
    ['a dot without a digit', '.s'],
    ['two dots', '1..5h'],
    ['an unknown unit', '1d'],
    ['a unit in capitals', '1H'],
    ['white space', '1h 30m'],
    ['a trailing number', '1h30'],
    ['a sign', '+1h'],
    ['a negative duration', '-1h'],
    ['zero', '0s'],
    ['less than a second', '999ms'],
    ['a hair less than a second', '999999999ns'],
    ['more than five years', '43800h1ns'],
    ['a number beyond all bounds', `${'9'.repeat(900)}h`],
    ['a text of any length', `${'0'.repeat(100_000)}1h`],
    ['digits of another script', '١h'],
    ['an exponent', '1e3s'],
  ])('%s', (_what, text) => {
    expect(() => parseDuration(text)).toThrow(new ScheduleError(`parse duration "${text}": invalid`, text));
  });

  test('the error names what was refused', () => {
    expect(refusalOf(() => parseDuration('soon'))).toMatchObject({ name: 'ScheduleError', schedule: 'soon' });
  });
});
