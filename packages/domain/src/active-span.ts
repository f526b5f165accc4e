import type { Job } from './job.ts';
import { justBefore, type Timetable } from './timetable.ts';

/** Which occurrences a job has, whenever each of them is due. */
export type SpanTimetable = Pick<Timetable, 'schedule' | 'timezone' | 'anchor' | 'startAt' | 'endAt'>;

/** A stretch of time in which a job was active by one timetable: its occurrences in it must all be in the ledger. */
export interface ActiveSpan extends SpanTimetable {
  /** Not included. */
  after: Date;
  /** Included; null while the stretch goes on. */
  until: Date | null;
}

/**
 * The instant after which a changed job's occurrences follow from the timetable that it has now, or from none if it is
 * disabled; null if the change leaves them alone. One that keeps the next occurrence takes over right before it, and
 * any other accounts for all up to now.
 */
export function timetableChange(before: Job, after: Job, now: Date): Date | null {
  if (before.enabled === after.enabled && (!after.enabled || isSameTimetable(before, after))) return null;
  const next = before.nextOccurrence;
  if (!after.enabled) return endOfActivity(next, now);
  return next !== null && next.getTime() === after.nextOccurrence?.getTime() ? justBefore(next) : now;
}

/**
 * When a job that is stopped before its next occurrence ceased to be active. That is now, unless the clock was set back
 * and claims had come further already.
 */
export function endOfActivity(nextOccurrence: Date | null, now: Date): Date {
  const claimed = nextOccurrence && justBefore(nextOccurrence);
  return claimed !== null && claimed > now ? claimed : now;
}

function isSameTimetable(a: SpanTimetable, b: SpanTimetable): boolean {
  return (
    a.schedule === b.schedule &&
    a.timezone === b.timezone &&
    a.anchor.getTime() === b.anchor.getTime() &&
    a.startAt?.getTime() === b.startAt?.getTime() &&
    a.endAt?.getTime() === b.endAt?.getTime()
  );
}
