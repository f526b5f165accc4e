import { LruCache } from './lru-cache.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
// The latest instant of a Date; the earliest is as far on the other side.
const LAST_INSTANT = 8.64e15;

// Offsets are looked up this far apart. No zone has changed its clocks twice in less than six days, or plans to.
const PROBE = 5 * DAY;
const CHUNK = 73 * PROBE;
// Decades of a zone; a schedule needs the next five years.
const KEPT_CHUNKS = 50;

const OFFSET = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** A stretch of time in which a clock keeps its distance from UTC. */
export interface ClockSpan {
  readonly from: number;
  /** The first instant after it. The next span may have the same offset. */
  readonly until: number;
  /** What the clock shows, less the instant. */
  readonly offset: number;
}

/**
 * The clocks of a time zone. A wall time is what such a clock shows, written as the milliseconds since the epoch at
 * which a clock in UTC shows the same.
 */
export interface WallClock {
  /** The span that an instant is in. */
  spanAt(instant: number): ClockSpan;
}

const clocks = new Map<string, WallClock>();

/** The clock of the zone with this canonical name. There are only some hundred zones, so all that were used are kept. */
export function wallClock(zone: string): WallClock {
  const kept = clocks.get(zone);
  if (kept !== undefined) return kept;
  const clock = makeClock(zone);
  clocks.set(zone, clock);
  return clock;
}

// Intl takes a microsecond to tell an offset, and knows no changes of it: both are kept, about a year at a time.
function makeClock(zone: string): WallClock {
  const offsetAt = offsetReader(zone);
  const chunks = new LruCache<readonly ClockSpan[], number>(KEPT_CHUNKS);

  return {
    spanAt(instant) {
      const chunk = Math.floor(instant / CHUNK);
      const spans = chunks.getOrMake(chunk, () => spansBetween(chunk * CHUNK, (chunk + 1) * CHUNK, offsetAt));
      for (const span of spans) {
        if (instant < span.until) return span;
      }
      throw new RangeError(`${instant} is no instant`);
    },
  };
}

function spansBetween(start: number, end: number, offsetAt: (instant: number) => number): ClockSpan[] {
  const spans: ClockSpan[] = [];
  let from = start;
  let offset = offsetAt(start);
  for (let probe = start; probe < end; probe += PROBE) {
    const nextOffset = offsetAt(probe + PROBE);
    if (nextOffset === offset) continue;
    const until = firstOtherOffset(probe, probe + PROBE, offsetAt);
    spans.push({ from, until, offset });
    from = until;
    offset = nextOffset;
  }
  if (from < end) spans.push({ from, until: end, offset });
  return spans;
}

/** Clocks change on a full second: the first one at which the offset is no longer that of `before`. */
function firstOtherOffset(before: number, after: number, offsetAt: (instant: number) => number): number {
  const offset = offsetAt(before);
  let [same, other] = [before, after];
  while (other - same > SECOND) {
    const middle = same + Math.floor((other - same) / (2 * SECOND)) * SECOND;
    if (offsetAt(middle) === offset) same = middle;
    else other = middle;
  }
  return other;
}

/** Asks Intl for the offset alone, because it counts years and days before 1582 in other ways than Date. */
function offsetReader(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  return (instant) => {
    const nearest = Math.min(Math.max(instant, -LAST_INSTANT), LAST_INSTANT);
    const [, sign, hours = 0, minutes = 0, seconds = 0] = OFFSET.exec(format.format(nearest)) ?? [];
    const size = Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND;
    return sign === '-' ? -size : size;
  };
}
