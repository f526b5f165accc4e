import { LruCache } from './lru-cache.ts';
import { findTimeZone } from './timezone.ts';
import { type WallClock, wallClock } from './wall-clock.ts';

/** A time during which a zone keeps its offset from UTC. In milliseconds; the instants are inclusive. */
export interface OffsetPeriod {
  readonly first: number;
  readonly last: number;
  /** What to add to an instant to get the wall time. */
  readonly offset: number;
}

// To look up the canonical name of a zone takes longer than to count: Intl does it, while it makes a format.
const KEPT = 1_000;

const clocks = new LruCache<WallClock>(KEPT);

/**
 * The periods that make up the time from `first` to `last`, in order. Two in a row may have the same offset.
 *
 * @param zone name of a time zone, as a schedule has it
 */
export function offsetPeriods(zone: string, first: number, last: number): OffsetPeriod[] {
  const clock = clocks.getOrMake(zone, () => wallClock(findTimeZone(zone, '').canonical));
  const periods: OffsetPeriod[] = [];
  for (let start = first; start <= last;) {
    const { until, offset } = clock.spanAt(start);
    periods.push({ first: start, last: Math.min(until - 1, last), offset });
    start = until;
  }
  return periods;
}
