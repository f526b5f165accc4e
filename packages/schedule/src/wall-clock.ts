const SECOND = 1_000;
const DAY = 86_400_000;

/**
 * The clocks of a time zone. A wall time is what such a clock shows, written as the milliseconds since the epoch at
 * which a clock in UTC shows the same.
 */
export interface WallClock {
  /** What the clock shows at an instant, to the second. */
  read(instant: number): number;
  /** Null if the clock ever shows this wall time; if it skips it, the first instant after the gap. */
  endOfGap(wall: number): number | null;
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

function makeClock(zone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });

  function read(instant: number): number {
    const [month = 1, day = 1, year = 1970, hour = 0, minute = 0, second = 0] = (
      format.format(instant).match(/\d+/g) ?? []
    ).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }

  function endOfGap(wall: number): number | null {
    // A day on either side is clear of the change itself, and offsets from UTC are less than a day.
    const candidates = [wall - DAY, wall + DAY].map((near) => wall - (read(near) - near));
    if (candidates.some((instant) => read(instant) === wall)) return null;
    let before = Math.min(...candidates);
    let after = Math.max(...candidates);
    while (after - before > SECOND) {
      const middle = before + Math.floor((after - before) / (2 * SECOND)) * SECOND;
      if (read(middle) < wall) before = middle;
      else after = middle;
    }
    return after;
  }

  return { read, endOfGap };
}
