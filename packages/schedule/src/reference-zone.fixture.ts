/** A stretch of time in which a zone keeps its distance from UTC. All in milliseconds. */
export interface Span {
  readonly from: number;
  readonly until: number;
  readonly offset: number;
}

// Everything that the differential asks about, with its search windows.
const FIRST = Date.UTC(1980, 0);
const LAST = Date.UTC(2080, 0);

const zones = new Map<string, readonly Span[]>();

/**
 * A zone's clock changes as Temporal has them, whereas what is under test asks Intl.
 *
 * @param zone IANA name
 */
export function spansOf(zone: string): readonly Span[] {
  const kept = zones.get(zone);
  if (kept !== undefined) return kept;
  const spans: Span[] = [];
  let start: Temporal.ZonedDateTime | null =
    Temporal.Instant.fromEpochMilliseconds(FIRST).toZonedDateTimeISO(zone);
  while (start !== null && start.epochMilliseconds < LAST) {
    const end: Temporal.ZonedDateTime | null = start.getTimeZoneTransition('next');
    spans.push({
      from: start.epochMilliseconds,
      until: Math.min(end?.epochMilliseconds ?? LAST, LAST),
      offset: start.offsetNanoseconds / 1_000_000,
    });
    start = end;
  }
  zones.set(zone, spans);
  return spans;
}

/** The instants at which the zone's clocks change. */
export function changesOf(zone: string): number[] {
  return spansOf(zone)
    .slice(1)
    .map((span) => span.from);
}
