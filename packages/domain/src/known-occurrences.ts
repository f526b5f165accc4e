import type { Schedule } from '@automation/schedule';

const KEPT = 100_000;

/**
 * What follows what in schedules that several jobs share: a search of cron takes microseconds, and an audit asks about
 * the same occurrences for each of the jobs. Old answers are dropped all at once.
 */
export class KnownOccurrences {
  #bySchedule = new Map<Schedule, Map<number, number>>();
  #count = 0;

  /** The first occurrence later than `after`, in milliseconds since the epoch; Infinity if there is none. */
  next(schedule: Schedule, after: number, anchor: Date): number {
    // Others depend on their anchors, and are found at once.
    if (schedule.kind !== 'cron') return search(schedule, after, anchor);
    const following = this.#following(schedule);
    const known = following.get(after);
    if (known !== undefined) return known;
    const next = search(schedule, after, anchor);
    following.set(after, next);
    this.#count += 1;
    return next;
  }

  #following(schedule: Schedule): Map<number, number> {
    if (this.#count >= KEPT) {
      this.#bySchedule.clear();
      this.#count = 0;
    }
    const following = this.#bySchedule.get(schedule) ?? new Map<number, number>();
    this.#bySchedule.set(schedule, following);
    return following;
  }
}

function search(schedule: Schedule, after: number, anchor: Date): number {
  return schedule.next(new Date(after), anchor)?.getTime() ?? Infinity;
}
