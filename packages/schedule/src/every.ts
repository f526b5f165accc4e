import { parseDuration } from './duration.ts';
import type { NextOccurrence } from './next-occurrence.ts';
import { ScheduleError } from './schedule-error.ts';

// In a millisecond.
const NANOSECONDS = 1_000_000;

/**
 * The occurrences of `@every <duration>`: anchor + n × interval with n ≥ 0, so that neither slow executions nor
 * restarts shift them (SPEC 2).
 *
 * @param duration what follows `@every`, as the user wrote it
 * @param schedule the whole schedule, for the error
 * @throws {ScheduleError} `parse duration "X": invalid`
 */
export function everyOccurrences(duration: string, schedule: string): NextOccurrence {
  const interval = intervalOf(duration, schedule);
  const occurrence = nthOccurrence(interval);
  return (after, anchor) => {
    const elapsed = after - anchor;
    let n = Math.max(0, Math.floor(elapsed / interval));
    while (occurrence(n) <= elapsed) n += 1;
    return anchor + occurrence(n);
  };
}

/**
 * The time from the anchor to the nth occurrence. With an interval of microseconds there are some between two
 * milliseconds; they count as of the earlier one. Each is computed from the anchor, so that the rounding does not add
 * up, and in whole nanoseconds: 2,500 × 22,917.634 is a fraction less than 57,294,085 in binary, and would lose one.
 */
export function nthOccurrence(interval: number): (n: number) => number {
  const milliseconds = Math.floor(interval);
  const nanoseconds = Math.round((interval - milliseconds) * NANOSECONDS);
  return (n) => n * milliseconds + Math.floor((n * nanoseconds) / NANOSECONDS);
}

function intervalOf(duration: string, schedule: string): number {
  try {
    // SPEC 2 matches schedules without regard to case, whereas Go's units are in lower case.
    return parseDuration(duration.toLowerCase());
  } catch {
    throw new ScheduleError(`parse duration "${duration}": invalid`, schedule);
  }
}
