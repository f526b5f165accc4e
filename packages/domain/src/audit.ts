import type { ActiveSpan } from './active-span.ts';
import { ExpectedOccurrences, type Span } from './expected-occurrences.ts';
import type { KnownOccurrences } from './known-occurrences.ts';

/** What is audited: `from` is included, `to` is not, so that windows side by side have nothing in common. */
export interface AuditWindow {
  from: Date;
  to: Date;
}

/** What a job ought to have in its ledger follows from these. */
export interface AuditedJob {
  /** In their order; they don't overlap. */
  spans: readonly ActiveSpan[];
  /** Where claims have come to; null if the job will not run by itself. */
  nextOccurrence: Date | null;
}

/** Consecutive missed occurrences in the ledger, in milliseconds since the epoch. */
export interface MissedEntry {
  from: number;
  to: number;
  count: number;
}

/** `expected` = those that the ledger has + `due` + `unaccounted`. */
export interface AuditCounts {
  /** Occurrences that the schedule yields in the window while the job is active. */
  expected: number;
  /** Those of them that are not claimed yet. */
  due: number;
  /** Those that are in no entry of the ledger, though claims have gone past them: 0 or a defect. */
  unaccounted: number;
  /** Entries that are no occurrence, or that repeat one. */
  unexpected: number;
  /** Occurrences that the ledger says were missed. */
  missed: number;
  /** Stretches whose schedule can no longer be read: of them the ledger is believed. */
  unreadable: number;
}

export const NOTHING_AUDITED: Readonly<AuditCounts> = {
  expected: 0,
  due: 0,
  unaccounted: 0,
  unexpected: 0,
  missed: 0,
  unreadable: 0,
};

/** A stretch that missed runs reach over. They overlap, or have executions among them, only if the clock was set back. */
interface MissedStretch extends Span {
  /** So many were missed, as the runs say. */
  missed: number;
  /** Occurrences that have an execution. */
  executed: number;
  /** Runs that begin or end at no occurrence. */
  falseEnds: number;
}

/**
 * Compares a job's ledger with its schedule (SPEC 3, the ledger). The entries come one at a time, ordered by the occurrence
 * that they are of or begin with; what lies between two of them is counted and not walked through.
 */
export class JobAudit {
  readonly #expected: ExpectedOccurrences;
  readonly #counts: AuditCounts;
  /** The ends of the window, both included. */
  readonly #first: number;
  readonly #last: number;
  /** Occurrences from here on that the ledger doesn't have are not claimed yet. */
  readonly #dueFrom: number;
  /** Everything up to here is judged, or within a stretch. */
  #judged: number;
  /** The first expected occurrence after it. */
  #next: number;
  /** What missed runs reach over is judged at its end. */
  #stretch: MissedStretch | null = null;

  /** @param known shared by jobs that are audited together */
  constructor({ spans, nextOccurrence }: AuditedJob, { from, to }: AuditWindow, known?: KnownOccurrences) {
    this.#first = from.getTime();
    this.#last = to.getTime() - 1;
    this.#dueFrom = nextOccurrence?.getTime() ?? Infinity;
    this.#judged = this.#first - 1;
    this.#expected = new ExpectedOccurrences(spans, { after: this.#judged, until: this.#last }, known);
    this.#next = this.#expected.next(this.#judged);
    this.#counts = { ...NOTHING_AUDITED, unreadable: this.#expected.unreadable.length };
  }

  /** An execution that the schedule brought about. */
  addExecution(scheduledFor: number): void {
    this.#comeTo(scheduledFor);
    if (scheduledFor <= this.#judged) {
      this.#counts.unexpected += 1;
      return;
    }
    this.#moveTo(Math.ceil(scheduledFor) - 1);
    if (this.#next === scheduledFor && this.#stretch !== null) this.#stretch.executed += 1;
    else if (this.#next === scheduledFor || this.#isUnreadable(scheduledFor)) this.#counts.expected += 1;
    else this.#counts.unexpected += 1;
    this.#moveTo(scheduledFor);
  }

  /** A run that reaches over an end of the window counts as far as it is inside, and its own count is not checked. */
  addMissed(run: MissedEntry): void {
    const from = Math.max(run.from, this.#first);
    const to = Math.min(run.to, this.#last);
    this.#comeTo(from);
    if (this.#isUnreadable(from)) {
      this.#counts.expected += run.count;
      this.#counts.missed += run.count;
      this.#moveTo(to);
      return;
    }
    const isWhole = from === run.from && to === run.to;
    const said = isWhole ? run.count : this.#count(from - 1, to);
    this.#counts.missed += said;
    const stretch = this.#stretch ?? this.#beginStretch(from);
    stretch.until = Math.max(stretch.until, to);
    stretch.missed += said;
    if (isWhole && !this.#hasTrueEnds(run)) stretch.falseEnds += 1;
  }

  finish(): AuditCounts {
    this.#endStretch();
    this.#leaveOutUpTo(this.#last);
    return this.#counts;
  }

  /** Judges what lies before an entry; of what missed runs reach over, that has to wait for their end. */
  #comeTo(entry: number): void {
    if (this.#stretch !== null && entry <= this.#stretch.until) return;
    this.#endStretch();
    this.#leaveOutUpTo(Math.ceil(entry) - 1);
  }

  /** Of two entries that begin alike an execution may have come first: it belongs to the stretch as well. */
  #beginStretch(from: number): MissedStretch {
    const after = from - 1;
    const executed = this.#count(after, this.#judged);
    this.#counts.expected -= executed;
    this.#stretch = { after, until: after, missed: 0, executed, falseEnds: 0 };
    return this.#stretch;
  }

  /** Executions stand for their own occurrences, and missed runs for as many of the others as they say. */
  #endStretch(): void {
    if (this.#stretch === null) return;
    const { after, until, missed, executed, falseEnds } = this.#stretch;
    this.#stretch = null;
    const expected = this.#count(after, until);
    this.#counts.expected += expected;
    this.#leaveOut(Math.max(0, expected - executed - missed), { after, until });
    this.#counts.unexpected += Math.max(0, executed + missed - expected, falseEnds);
    this.#moveTo(until);
  }

  #hasTrueEnds({ from, to }: MissedEntry): boolean {
    return this.#count(from - 1, from) === 1 && this.#count(to - 1, to) === 1;
  }

  /** No entry has what is left up to an instant. */
  #leaveOutUpTo(until: number): void {
    if (until <= this.#judged) return;
    const left = this.#next > until ? 0 : this.#count(this.#judged, until);
    this.#counts.expected += left;
    this.#leaveOut(left, { after: this.#judged, until });
    this.#moveTo(until);
  }

  /** So many occurrences of a stretch have no entry: the last ones, as far as they are not claimed yet. */
  #leaveOut(left: number, { after, until }: Span): void {
    if (left === 0) return;
    const due = Math.min(left, this.#count(Math.max(after, this.#dueFrom - 1), until));
    this.#counts.due += due;
    this.#counts.unaccounted += left - due;
  }

  #moveTo(at: number): void {
    this.#judged = Math.max(this.#judged, at);
    if (this.#next <= this.#judged) this.#next = this.#expected.next(this.#judged);
  }

  #count(after: number, until: number): number {
    return after < until ? this.#expected.count({ after, until }) : 0;
  }

  #isUnreadable(at: number): boolean {
    return this.#expected.unreadable.some(({ after, until }) => after < at && at <= until);
  }
}

/** What several jobs' audits come to together. */
export function addCounts(total: AuditCounts, counts: AuditCounts): AuditCounts {
  return {
    expected: total.expected + counts.expected,
    due: total.due + counts.due,
    unaccounted: total.unaccounted + counts.unaccounted,
    unexpected: total.unexpected + counts.unexpected,
    missed: total.missed + counts.missed,
    unreadable: total.unreadable + counts.unreadable,
  };
}
