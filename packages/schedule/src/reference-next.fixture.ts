import type { ReferenceCron } from './reference-cron.fixture.ts';
import { type Span, spansOf } from './reference-zone.fixture.ts';

// Jest makes every look at a global slow, and a walk takes millions of steps.
const { floor, max } = Math;

const MINUTE = 60_000;
const DAY = 86_400_000;
// Clocks never turn back by more, so the latest time that they have shown is known from here on.
const LOOK_BACK = DAY;

interface Walk {
  readonly cron: ReferenceCron;
  readonly after: number;
  readonly limit: number;
  /** Look at every single minute, also of days on which nothing runs. */
  readonly everyMinute: boolean;
  /** The latest wall minute that the clock has shown. */
  shown: number;
}

/**
 * The next occurrence by brute force: it walks the clock of the zone minute by minute and asks of each whether the
 * fields match. A wildcard job runs whenever they do. A fixed-time job runs when the clock shows a matching minute for
 * the first time, or has just jumped over one: once in the repeated hour, and once after the skipped one.
 *
 * @returns milliseconds since the epoch; null if there is none within five years
 */
export function referenceNext(
  cron: ReferenceCron,
  zone: string,
  after: number,
  everyMinute: boolean,
): number | null {
  const limit = fiveYearsLater(after);
  const walk: Walk = { cron, after, limit, everyMinute, shown: -Infinity };
  for (const span of spansOf(zone)) {
    if (span.until <= after - LOOK_BACK) continue;
    const next = cron.fixedTime ? walkFixed(walk, span) : walkWildcard(walk, span);
    if (next !== null) return next;
    if (span.until > limit) return null;
  }
  throw new RangeError('the zone is not known so far ahead');
}

function walkWildcard(
  { cron, after, limit, everyMinute }: Walk,
  { from, until, offset }: Span,
): number | null {
  let instant = max(from, startOfMinute(after) + MINUTE);
  while (instant < until && instant <= limit) {
    const wall = instant + offset;
    if (!everyMinute && !cron.runsOn(dayOf(wall))) {
      instant = nextDay(wall) - offset;
      continue;
    }
    if (matches(cron, wall)) return instant;
    instant += MINUTE;
  }
  return null;
}

function walkFixed(walk: Walk, { from, until, offset }: Span): number | null {
  const { cron, after, limit, everyMinute } = walk;
  let instant = max(from, startOfMinute(after - LOOK_BACK));
  while (instant < until && instant <= limit) {
    const wall = instant + offset;
    const runs = becomesDue(walk, wall);
    if (runs && instant > after) return instant;
    instant += MINUTE;
    const skipsDay = !everyMinute && walk.shown === wall && !cron.runsOn(dayOf(wall));
    if (!skipsDay) continue;
    instant = Math.min(nextDay(wall) - offset, until);
    walk.shown = instant + offset - MINUTE;
  }
  return null;
}

/** Whether the clock, in coming to show `wall`, shows a matching minute for the first time or jumps over one. */
function becomesDue(walk: Walk, wall: number): boolean {
  let due = false;
  const first = walk.shown === -Infinity ? wall : walk.shown + MINUTE;
  for (let minute = first; minute <= wall; minute += MINUTE) due ||= matches(walk.cron, minute);
  walk.shown = max(walk.shown, wall);
  return due;
}

function matches(cron: ReferenceCron, wall: number): boolean {
  const day = dayOf(wall);
  return cron.minutes[(wall - day * DAY) / MINUTE] === true && cron.runsOn(day);
}

function dayOf(wall: number): number {
  return floor(wall / DAY);
}

function nextDay(wall: number): number {
  return (dayOf(wall) + 1) * DAY;
}

function startOfMinute(instant: number): number {
  return floor(instant / MINUTE) * MINUTE;
}

function fiveYearsLater(instant: number): number {
  const date = new Date(instant);
  return date.setUTCFullYear(date.getUTCFullYear() + 5);
}
