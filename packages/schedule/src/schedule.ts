import { atOccurrence } from './at.ts';
import { cronOccurrences } from './cron.ts';
import { everyOccurrences } from './every.ts';
import { LruCache } from './lru-cache.ts';
import type { NextOccurrence } from './next-occurrence.ts';
import { ScheduleError } from './schedule-error.ts';
import { isInSearchWindow } from './search-window.ts';
import { findTimeZone, UTC, type TimeZone } from './timezone.ts';

/** A schedule that has been read. It is immutable and shared by all jobs with the same text and time zone. */
export interface Schedule {
  /** The user's text, trimmed and with white space folded. */
  readonly text: string;
  /** IANA name. */
  readonly timezone: string;
  readonly kind: 'cron' | 'every' | 'at';
  /**
   * The first occurrence strictly later than `after`; null if there is none within five years (SPEC 2).
   * `anchor` matters to `@every` only, whose occurrences are anchor + n × interval, n ≥ 0.
   */
  next(after: Date, anchor: Date): Date | null;
}

const LONGEST_TEXT = 1_000;
const CACHED_SCHEDULES = 10_000;

const parsed = new LruCache<Schedule>(CACHED_SCHEDULES);

/**
 * Reads a schedule: five-field cron, `@hourly` and its like, `@every <duration>` or `@at <instant>` (SPEC 2).
 *
 * @param timezone IANA name of the zone in whose local time cron fields are read
 * @throws {ScheduleError} if the text or the time zone is not valid; the message is for the user
 */
export function parseSchedule(text: string, timezone: string = UTC): Schedule {
  if (text.length > LONGEST_TEXT) {
    throw new ScheduleError(
      `schedule must not be longer than ${LONGEST_TEXT} characters`,
      text.slice(0, LONGEST_TEXT),
    );
  }
  const folded = text.trim().replaceAll(/\s+/g, ' ');
  return parsed.getOrMake(`${timezone}\n${folded}`, () =>
    makeSchedule(folded, text, findTimeZone(timezone, folded)),
  );
}

/**
 * Like `schedule.next`, for a schedule that must go on.
 *
 * @throws {ScheduleError} `unable to find next run for schedule "X"` (SPEC 2)
 */
export function nextRun(schedule: Schedule, after: Date, anchor: Date): Date {
  const next = schedule.next(after, anchor);
  if (next === null) {
    throw new ScheduleError(`unable to find next run for schedule "${schedule.text}"`, schedule.text);
  }
  return next;
}

function makeSchedule(folded: string, text: string, zone: TimeZone): Schedule {
  const [kind, nextOccurrence] = occurrencesOf(folded, text, zone);
  return Object.freeze({
    text: folded,
    timezone: zone.name,
    kind,
    next(after: Date, anchor: Date): Date | null {
      const next = nextOccurrence(after.getTime(), anchor.getTime());
      return next !== null && isInSearchWindow(next, after.getTime()) ? new Date(next) : null;
    },
  });
}

function occurrencesOf(folded: string, text: string, zone: TimeZone): [Schedule['kind'], NextOccurrence] {
  // What follows the name is taken from the text as written, because error messages quote it.
  const [, name = '', argument = ''] = /^(\S+)\s*(.*)$/s.exec(text.trim()) ?? [];
  switch (name.toLowerCase()) {
    case '@every':
      return ['every', everyOccurrences(argument, folded)];
    case '@at':
      return ['at', atOccurrence(argument, folded)];
    default:
      return ['cron', cronOccurrences(folded, zone.canonical)];
  }
}
