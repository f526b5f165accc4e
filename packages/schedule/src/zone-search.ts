import { cronerNext } from './croner-next.ts';
import type { CronPattern } from './cron-pattern.ts';
import type { Stretch } from './interval-memory.ts';
import { endOfSearchWindow } from './search-window.ts';
import { UTC } from './timezone.ts';
import { type WallClock, wallClock } from './wall-clock.ts';

const SECOND = 1_000;
const DAY = 86_400_000;
// How much further than the window a fruitless search looks, so that it is not due again a moment later.
const MARGIN = 366 * DAY;

/**
 * Searches for the next occurrence by the clocks of a time zone. croner does it, but for two things that happen where
 * clocks skip an hour: see `nextFixed` and `occursWithin`.
 */
export function searchZone(pattern: CronPattern, zone: string): (after: number) => Stretch {
  const clock = wallClock(zone);
  const next = (after: number): number | null => cronerNext(pattern.text, zone, after);

  if (pattern.fixedTime) {
    return (after) => found(nextFixed(pattern, clock, after, next(after)));
  }
  return (after) => {
    const limit = endOfSearchWindow(after) + MARGIN;
    if (!occursWithin(pattern, clock, after, limit)) return { until: limit, occurs: false };
    return found(next(after));
  };
}

function found(next: number | null): Stretch {
  return { until: next ?? Infinity, occurs: next !== null };
}

/**
 * A fixed-time job in the skipped hour runs right after the gap (SPEC 2). croner leaves it out if that is the next
 * day, as in America/Nuuk, whose clocks go from 23:00 to 00:00: so what croner passed over is looked at again.
 */
function nextFixed(
  pattern: CronPattern,
  clock: WallClock,
  after: number,
  next: number | null,
): number | null {
  if (next === null) return null;
  const last = clock.read(next);
  let wall = nextWall(pattern, clock.read(after));
  while (wall !== null && wall < last) {
    const end = clock.endOfGap(wall);
    if (end !== null && end > after) return Math.min(end, next);
    wall = nextWall(pattern, wall);
  }
  return next;
}

/**
 * Whether the clock ever shows a matching time up to `limit`. A wildcard job does not run in the skipped hour, and one
 * that matches no other time (`* 2 * 3 SUN#2` in New York) keeps croner busy up to the year 3000, for a second or more.
 */
function occursWithin(pattern: CronPattern, clock: WallClock, after: number, limit: number): boolean {
  // A day back, because clocks that turn back show times again which are earlier than the present reading.
  let wall = nextWall(pattern, clock.read(after) - DAY);
  while (wall !== null && wall <= limit + DAY) {
    const end = clock.endOfGap(wall);
    if (end === null) return true;
    // The other times in the same gap need no look each: the search goes on where the clock does.
    wall = nextWall(pattern, Math.max(wall, clock.read(end) - SECOND));
  }
  return false;
}

/** The calendar without a zone: the next matching wall time. */
function nextWall(pattern: CronPattern, wall: number): number | null {
  return cronerNext(pattern.text, UTC, wall);
}
