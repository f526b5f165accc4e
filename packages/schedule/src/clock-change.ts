const MILLISECOND = 1_000_000; // in nanoseconds

/** A change of the clocks of a time zone. Wall times are as in `WallClock`: what the clock shows, as if it were UTC. */
export interface ClockChange {
  /** The instant of the change. */
  readonly at: number;
  /** What the clock would show at that instant if it were not changed. */
  readonly before: number;
  /** What it shows. */
  readonly after: number;
}

/** What the clocks of a zone show at an instant. */
export function wallTime(instant: number, timezone: string): number {
  return instant + zoned(instant, timezone).offsetNanoseconds / MILLISECOND;
}

/** The last change of a zone's clocks at an instant or before it; null if they were never changed. */
export function lastClockChange(instant: number, timezone: string): ClockChange | null {
  return clockChange(zoned(instant + 1, timezone).getTimeZoneTransition('previous'));
}

/** The first change of a zone's clocks after an instant; null if none is known of. */
export function nextClockChange(instant: number, timezone: string): ClockChange | null {
  return clockChange(zoned(instant, timezone).getTimeZoneTransition('next'));
}

function zoned(instant: number, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone);
}

function clockChange(transition: Temporal.ZonedDateTime | null): ClockChange | null {
  if (transition === null) return null;
  const at = transition.epochMilliseconds;
  const offsetBefore = transition.subtract({ nanoseconds: 1 }).offsetNanoseconds;
  return {
    at,
    before: at + offsetBefore / MILLISECOND,
    after: at + transition.offsetNanoseconds / MILLISECOND,
  };
}
