import { parseDuration } from './duration.ts';
import type { NextOccurrence } from './next-occurrence.ts';
import { ScheduleError } from './schedule-error.ts';

/**
 * The occurrences of `@every <duration>`: anchor + n × interval with n ≥ 1, so that neither slow executions nor
 * restarts shift them (SPEC 2).
 *
 * @param duration what follows `@every`, as the user wrote it
 * @param schedule the whole schedule, for the error
 * @throws {ScheduleError} `parse duration "X": invalid`
 */
export function everyOccurrences(duration: string, schedule: string): NextOccurrence {
  const interval = intervalOf(duration, schedule);
  return (after, anchor) => {
    const n = Math.max(1, Math.floor((after - anchor) / interval) + 1);
    const next = occurrence(anchor, interval, n);
    return next > after ? next : occurrence(anchor, interval, n + 1);
  };
}

// An interval with microseconds has occurrences between two milliseconds; they count as of the earlier one. Each is
// computed from the anchor, so that the rounding does not add up.
function occurrence(anchor: number, interval: number, n: number): number {
  return anchor + Math.floor(n * interval);
}

function intervalOf(duration: string, schedule: string): number {
  try {
    // SPEC 2 matches schedules without regard to case, whereas Go's units are in lower case.
    return parseDuration(duration.toLowerCase());
  } catch {
    throw new ScheduleError(`parse duration "${duration}": invalid`, schedule);
  }
}
