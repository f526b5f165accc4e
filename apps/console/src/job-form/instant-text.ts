/** An instant in RFC 3339 as the api writes it, without a fractional part where it is zero. */
export function instantText(at: Date): string {
  return at.toISOString().replace('.000Z', 'Z');
}

/** A time zone whose clocks the browser knows: the one that is named, else UTC, as while a name is being typed. */
export function knownZone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
