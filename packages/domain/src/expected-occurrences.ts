import { countOccurrences, parseSchedule, type Schedule, ScheduleError } from '@automation/schedule';

import type { ActiveSpan } from './active-span.ts';
import { KnownOccurrences } from './known-occurrences.ts';
import { justBefore } from './timetable.ts';

/** A span of time, in milliseconds since the epoch: `after` is not included, `until` is. */
export interface Span {
  after: number;
  until: number;
}

interface Part extends Span {
  schedule: Schedule;
  anchor: Date;
}

/** The occurrences that a job's schedule yields in a window while the job is active. */
export class ExpectedOccurrences {
  /** Stretches of the window whose schedule can no longer be read, so that nobody knows their occurrences. */
  readonly unreadable: readonly Span[];
  readonly #parts: readonly Part[];
  readonly #known: KnownOccurrences;
  /** The part of the latest `next`, which only ever goes forward. */
  #current = 0;

  /**
   * @param spans in their order; they don't overlap
   * @param known shared by jobs that are audited together
   */
  constructor(spans: readonly ActiveSpan[], window: Span, known = new KnownOccurrences()) {
    const parts: Part[] = [];
    const unreadable: Span[] = [];
    for (const span of spans) {
      const within = clip(span, window);
      if (within.after >= within.until) continue;
      const schedule = scheduleOf(span);
      if (schedule === null) unreadable.push(within);
      else parts.push({ ...within, schedule, anchor: span.anchor });
    }
    this.#parts = parts;
    this.#known = known;
    this.unreadable = unreadable;
  }

  /** The first one later than `after`, which is no earlier than in the call before; Infinity if there is none. */
  next(after: number): number {
    for (; this.#current < this.#parts.length; this.#current++) {
      const next = this.#firstIn(this.#parts[this.#current], after);
      if (next < Infinity) return next;
    }
    return Infinity;
  }

  /** How many there are, without going from one to the next. */
  count({ after, until }: Span): number {
    let count = 0;
    for (const part of this.#parts) {
      const from = Math.max(after, part.after);
      const to = Math.min(until, part.until);
      if (from >= to) continue;
      const span = { after: new Date(from), until: new Date(to), anchor: part.anchor };
      count += countOccurrences(part.schedule, span);
    }
    return count;
  }

  #firstIn(part: Part | undefined, after: number): number {
    if (part === undefined || after >= part.until) return Infinity;
    const next = this.#known.next(part.schedule, Math.max(Math.floor(after), part.after), part.anchor);
    return next <= part.until ? next : Infinity;
  }
}

function clip({ after, until, startAt, endAt }: ActiveSpan, window: Span): Span {
  const beforeStart = startAt === null ? -Infinity : justBefore(startAt).getTime();
  return {
    after: Math.max(after.getTime(), beforeStart, window.after),
    until: Math.min(until?.getTime() ?? Infinity, endAt?.getTime() ?? Infinity, window.until),
  };
}

/** Null if it can't be read: its time zone was abolished, say. */
function scheduleOf({ schedule, timezone }: ActiveSpan): Schedule | null {
  try {
    return parseSchedule(schedule, timezone);
  } catch (error) {
    if (error instanceof ScheduleError) return null;
    throw error;
  }
}
