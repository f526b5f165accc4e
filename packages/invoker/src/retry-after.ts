const MAX_RETRY_AFTER_MS = 60 * 60 * 1000;
const SECONDS = /^\d+$/;
/** How each of the three date formats of RFC 9110, 5.6.7 begins; Date.parse alone takes much that is no HTTP date. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /;

/**
 * Reads a `Retry-After` header (RFC 9110, 10.2.3): seconds or an HTTP date.
 * @param now milliseconds since the epoch, which a date is counted from
 * @returns milliseconds to wait, from 0 to one hour; null if the header is absent or unreadable
 */
export function parseRetryAfter(header: string | string[] | undefined, now: number): number | null {
  const value = (Array.isArray(header) ? header[0] : header)?.trim() ?? '';
  if (SECONDS.test(value)) return Math.min(Number(value) * 1000, MAX_RETRY_AFTER_MS);
  if (!HTTP_DATE.test(value)) return null;
  // The asctime format names no zone and means UTC; Date.parse would take it as local time.
  const at = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
  return Number.isNaN(at) ? null : Math.min(Math.max(at - now, 0), MAX_RETRY_AFTER_MS);
}
