/** RFC 3339 in UTC, without a fractional part where it is zero (SPEC 1). */
export function instantText(at: Date): string {
  return at.toISOString().replace('.000Z', 'Z');
}
