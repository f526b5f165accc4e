/**
 * What the clocks of a zone show at an instant, in RFC 3339 with the zone's offset from UTC:
 * `2026-03-29T03:00:00+02:00`. No fractional part where it is zero.
 *
 * RFC 3339 knows no seconds in an offset, and a few zones had some (Africa/Monrovia -00:44:30 until 1972): there the time
 * is still what the clock showed, and the offset is the nearest minute.
 *
 * @param timezone IANA name
 */
export function localTime(at: Date, timezone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timezone)
    .toString({ timeZoneName: 'never' });
}
