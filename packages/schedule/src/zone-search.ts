import { cronerNext } from './croner-next.ts';
import type { CronPattern } from './cron-pattern.ts';
import type { Stretch } from './interval-memory.ts';
import { LONGEST_WINDOW } from './search-window.ts';
import { type ClockSpan, type WallClock, wallClock } from './wall-clock.ts';

// Offsets from UTC differ by less.
const DAY = 86_400_000;
// How much further than the window a fruitless search looks, so that it is not due again a moment later.
const MARGIN = 366 * DAY;
const NEVER: Stretch = { until: Infinity, occurs: false };

/**
 * Searches for the next occurrence by the clocks of a time zone. croner finds the wall times, for which it needs no
 * zone and is 20 times faster; when the clocks show them, and what becomes of those that they skip or repeat, is
 * decided here, by the rules of SPEC 2.
 */
export function searchZone(pattern: CronPattern, zone: string): (after: number) => Stretch {
  const clock = wallClock(zone);
  const search = pattern.fixedTime ? searchFixed : searchWildcard;
  return (after) => search(pattern, clock, after);
}

/**
 * A fixed-time job runs when the clock first shows the time, or one later than it: in the repeated hour once, and in
 * the skipped one right after the gap.
 */
function searchFixed(pattern: CronPattern, clock: WallClock, after: number): Stretch {
  const wall = cronerNext(pattern.text, latestShown(clock, after));
  if (wall === null) return NEVER;
  let span = clock.spanAt(Math.max(after, wall - DAY));
  while (firstShowing(wall, span) >= span.until) span = clock.spanAt(span.until);
  return { until: firstShowing(wall, span), occurs: true };
}

/** The first instant from the start of a span on that has the clock at `wall` or later, if the span lasts so long. */
function firstShowing(wall: number, span: ClockSpan): number {
  return Math.max(wall - span.offset, span.from);
}

/** The latest time that the clock has shown up to an instant: in the repeated hour it is not what it shows now. */
function latestShown(clock: WallClock, instant: number): number {
  let span = clock.spanAt(instant);
  let latest = instant + span.offset;
  while (span.from > instant - DAY) {
    span = clock.spanAt(span.from - 1);
    latest = Math.max(latest, span.until - 1 + span.offset);
  }
  return latest;
}

/** A wildcard job runs whenever the clock shows the time: in the skipped hour never, and in the repeated one twice. */
function searchWildcard(pattern: CronPattern, clock: WallClock, after: number): Stretch {
  const limit = after + LONGEST_WINDOW + MARGIN;
  let span = clock.spanAt(after);
  // Between `searched` and `wall` no time matches.
  let searched = after + span.offset;
  let wall = cronerNext(pattern.text, searched);
  while (wall !== null && wall - span.offset >= span.until) {
    if (span.until > limit) return { until: limit, occurs: false };
    span = clock.spanAt(span.until);
    const shown = span.from + span.offset;
    // Clocks that turn back may show times that have not been searched, and those that jump may pass the one found.
    if (shown > searched && shown <= wall) continue;
    searched = shown - 1;
    wall = cronerNext(pattern.text, searched);
  }
  return wall === null ? NEVER : { until: wall - span.offset, occurs: true };
}
