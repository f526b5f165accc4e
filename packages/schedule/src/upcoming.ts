import type { Schedule } from './schedule.ts';

/**
 * The next `count` occurrences strictly later than `after`, in order; fewer if the schedule ends, or pauses for longer
 * than the five years that a search looks ahead (SPEC 2).
 */
export function upcoming(schedule: Schedule, options: { after: Date; anchor: Date; count: number }): Date[] {
  const occurrences: Date[] = [];
  let next = schedule.next(options.after, options.anchor);
  while (next !== null && occurrences.length < options.count) {
    occurrences.push(next);
    next = schedule.next(next, options.anchor);
  }
  return occurrences;
}
