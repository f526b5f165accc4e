import { ScheduleError } from './schedule-error.ts';

// All in nanoseconds, Go's resolution.
const MILLISECOND = 1_000_000n;
const SECOND = 1_000n * MILLISECOND;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n], // micro sign
  ['\u03bcs', 1_000n], // Greek letter mu
  ['ms', MILLISECOND],
  ['s', SECOND],
  ['m', MINUTE],
  ['h', HOUR],
]);

const SHORTEST = SECOND;
// 365 days a year, so that the next occurrence is inside the search window even where it has no leap day.
const LONGEST = 5n * 365n * 24n * HOUR;

// Reading a number takes time that grows with the square of its length.
const LONGEST_TEXT = 1_000;

const TERM = /(\d+(?:\.\d*)?|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/y;

/**
 * Reads a duration in the syntax of Go's `time.ParseDuration`, without a sign (SPEC 2): decimal numbers with units
 * `ns us µs ms s m h`, such as `1h30m` or `1.5h`; at least one second and at most five years of 365 days.
 *
 * @returns milliseconds; with a fraction if the text names microseconds or nanoseconds
 * @throws {ScheduleError} `parse duration "X": invalid`
 */
export function parseDuration(text: string): number {
  const nanoseconds = sumOfTerms(text);
  if (nanoseconds === null || nanoseconds < SHORTEST || nanoseconds > LONGEST) {
    throw new ScheduleError(`parse duration "${text}": invalid`, text);
  }
  return Number(nanoseconds) / Number(MILLISECOND);
}

/** Sums in integers, as Go does: binary fractions would make `1.1s` a little more than 1,100 ms, and `@every` drift. */
function sumOfTerms(text: string): bigint | null {
  if (text.length > LONGEST_TEXT) return null;
  let sum = 0n;
  let position = 0;
  while (position < text.length) {
    TERM.lastIndex = position;
    const [term, number, unit] = TERM.exec(text) ?? [];
    if (term === undefined || number === undefined || unit === undefined) return null;
    sum += nanosecondsOf(number, unit);
    position += term.length;
  }
  return sum;
}

function nanosecondsOf(number: string, unit: string): bigint {
  const [whole = '', fraction = ''] = number.split('.');
  const digits = BigInt(whole + fraction);
  return (digits * (UNITS.get(unit) ?? 0n)) / 10n ** BigInt(fraction.length);
}
