import type { LogEvent } from './log-event.ts';
import { printableFields } from './printable.ts';

/** The event as one JSON object: time (RFC 3339, milliseconds), level, service, message, then its fields in their order. */
export function jsonLine({ time, level, service, message, fields }: LogEvent): string {
  return JSON.stringify({ time: time.toISOString(), level, service, message, ...printableFields(fields) });
}
