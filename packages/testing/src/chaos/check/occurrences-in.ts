import { parseSchedule } from '@automation/schedule';

import type { LedgerSpan } from '../evidence.ts';

/**
 * The occurrences of a timetable while a job was active by it, by walking from one to the next.
 * @param goesOnUntil how far to walk, both ends of the timetable aside
 */
export function occurrencesIn(span: LedgerSpan, goesOnUntil: number): number[] {
  const schedule = parseSchedule(span.schedule, span.timezone);
  const anchor = new Date(span.anchor);
  const last = Math.min(span.until ?? Infinity, span.endAt ?? Infinity, goesOnUntil);
  const found: number[] = [];
  let next = schedule.next(new Date(Math.max(span.after, (span.startAt ?? -Infinity) - 1)), anchor);
  while (next !== null && next.getTime() <= last) {
    found.push(next.getTime());
    next = schedule.next(next, anchor);
  }
  return found;
}
