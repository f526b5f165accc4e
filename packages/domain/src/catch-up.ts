import { countOccurrences, lastOccurrence, parseSchedule } from '@automation/schedule';

import type { Trigger } from './execution.ts';
import type { CatchUpPolicy, Job } from './job.ts';
import { justBefore, nextOccurrence, type Occurrence, type Timetable } from './timetable.ts';

/** An occurrence that is claimed later than this is missed: only a policy can still make it run. */
export const MISSED_AFTER_MS = 60_000;

/** Consecutive occurrences that were missed: one entry of the ledger (SPEC 3). */
export interface MissedRun {
  /** The first and the last of them. */
  from: Date;
  to: Date;
  count: number;
  reason: string;
}

/** What a claim does with a job's occurrences that are due. */
export interface CatchUp {
  /** Those that get an execution, oldest first. */
  run: (Occurrence & { trigger: Exclude<Trigger, 'manual'> })[];
  missed: MissedRun | null;
  /** The last occurrence that is dealt with; the job goes on after it. */
  upTo: Date;
}

/** A job that is due: its next occurrence lies in the past. */
export type OverdueJob = Timetable & { nextRun: Date; nextOccurrence: Date } & Pick<
    Job,
    'catchUpPolicy' | 'catchUpWindowSeconds'
  >;

/**
 * Applies the job's `catch_up_policy` to all its occurrences that are due at `now` (SPEC 3.3). A single one that is not
 * late is none that was missed, and simply runs.
 * @param limit how many occurrences to run at most; the job stays due if more are to be caught up
 */
export function catchUp(job: OverdueJob, now: Date, limit: number): CatchUp {
  const first = { scheduledFor: job.nextOccurrence, dueAt: job.nextRun };
  const last = lastDue(job, now);
  const isLate = now.getTime() - last.dueAt.getTime() > MISSED_AFTER_MS;
  if (!isLate && isSame(first, last)) {
    return { run: [{ ...first, trigger: 'schedule' }], missed: null, upTo: first.scheduledFor };
  }
  return POLICIES[job.catchUpPolicy]({ job, now, first, last, isLate }, limit);
}

/** The occurrences between two, both included, as an entry of the ledger. */
export function missedRun(job: Timetable, span: { from: Date; to: Date }, reason: string): MissedRun {
  const schedule = parseSchedule(job.schedule, job.timezone);
  const { from, to } = span;
  // The first one counts even if the schedule has it no longer, since the rules of its time zone have changed.
  const others = countOccurrences(schedule, { after: from, until: to, anchor: job.anchor });
  return { from, to, count: 1 + others, reason };
}

/** The latest occurrence that is due at `now`: the next one, unless later ones have come due too. */
function lastDue(job: OverdueJob, now: Date): Occurrence {
  const first = { scheduledFor: job.nextOccurrence, dueAt: job.nextRun };
  const second = nextOccurrence(job, first.scheduledFor);
  if (second === null || second.dueAt > now) return first;
  const latest = lastAfter(job, now) ?? second;
  if (latest.dueAt <= now) return latest;
  // Only the very last can still be waiting for its jitter.
  return lastAfter(job, justBefore(latest.scheduledFor)) ?? second;
}

/** The last occurrence after the job's next one, up to `until` as the schedule says it; null if there is none. */
export function lastAfter(job: Timetable & { nextOccurrence: Date }, until: Date): Occurrence | null {
  const end = job.endAt !== null && job.endAt < until ? job.endAt : until;
  const schedule = parseSchedule(job.schedule, job.timezone);
  const span = { after: job.nextOccurrence, until: end, anchor: job.anchor };
  const scheduledFor = lastOccurrence(schedule, span);
  return scheduledFor && nextOccurrence(job, justBefore(scheduledFor));
}

interface Backlog {
  job: OverdueJob;
  now: Date;
  first: Occurrence;
  last: Occurrence;
  /** Whether even the last one was missed. */
  isLate: boolean;
}

const POLICIES: Readonly<Record<CatchUpPolicy, (backlog: Backlog, limit: number) => CatchUp>> = {
  latest: ({ job, first, last }) => ({
    run: [{ ...last, trigger: 'catch_up' }],
    missed: missedBefore(job, first, last),
    upTo: last.scheduledFor,
  }),
  none: (backlog) => runOnlyIfOnTime(backlog),
  all: runAllInWindow,
};

function runOnlyIfOnTime({ job, first, last, isLate }: Backlog): CatchUp {
  const upTo = last.scheduledFor;
  const all = { from: first.scheduledFor, to: upTo };
  if (isLate) return { run: [], missed: missedRun(job, all, reasonOf(job)), upTo };
  return { run: [{ ...last, trigger: 'schedule' }], missed: missedBefore(job, first, last), upTo };
}

function runAllInWindow(backlog: Backlog, limit: number): CatchUp {
  const { job, now, first, last, isLate } = backlog;
  const oldest = oldestInWindow(job, now, first);
  if (oldest === null || oldest.scheduledFor > last.scheduledFor) return runOnlyIfOnTime(backlog);
  const run: CatchUp['run'] = [];
  let next: Occurrence | null = oldest;
  while (next !== null && next.scheduledFor <= last.scheduledFor && run.length < limit) {
    run.push({ ...next, trigger: isLate || !isSame(next, last) ? 'catch_up' : 'schedule' });
    next = nextOccurrence(job, next.scheduledFor);
  }
  const upTo = run.at(-1)?.scheduledFor ?? last.scheduledFor;
  return { run, missed: missedBefore(job, first, oldest), upTo };
}

function oldestInWindow(job: OverdueJob, now: Date, first: Occurrence): Occurrence | null {
  const start = new Date(now.getTime() - job.catchUpWindowSeconds * 1_000);
  return first.scheduledFor >= start ? first : nextOccurrence(job, justBefore(start));
}

/** What was missed from the first one on, up to one that runs. */
function missedBefore(job: OverdueJob, first: Occurrence, runs: Occurrence): MissedRun | null {
  if (isSame(first, runs)) return null;
  const schedule = parseSchedule(job.schedule, job.timezone);
  const span = {
    after: justBefore(first.scheduledFor),
    until: justBefore(runs.scheduledFor),
    anchor: job.anchor,
  };
  const to = lastOccurrence(schedule, span) ?? first.scheduledFor;
  return missedRun(job, { from: first.scheduledFor, to }, reasonOf(job));
}

function reasonOf({ catchUpPolicy, catchUpWindowSeconds }: OverdueJob): string {
  const policy = `catch_up_policy: ${catchUpPolicy}`;
  return catchUpPolicy === 'all' ? `${policy}, beyond its window of ${catchUpWindowSeconds} s` : policy;
}

function isSame(a: Occurrence, b: Occurrence): boolean {
  return a.scheduledFor.getTime() === b.scheduledFor.getTime();
}
