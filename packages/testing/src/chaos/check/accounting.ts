import type { LedgerExecution, LedgerJob, LedgerMissed, LedgerSpan, Violation } from '../evidence.ts';
import type { CaseFile } from './case-file.ts';
import { occurrencesIn } from './occurrences-in.ts';

/** What a job's schedule yielded while it was active, and what the ledger has of it. */
export interface Accounting {
  violations: Violation[];
  expected: number;
}

/**
 * Every occurrence is in exactly one entry of the ledger, and no entry is anything else (SPEC 3). By walking the schedule
 * from one occurrence to the next, and not by the product's own audit.
 */
export function account(file: CaseFile): Accounting {
  const { ledger, audit } = file.evidence;
  const spans = Map.groupBy(ledger.spans, ({ job }) => job);
  const missed = Map.groupBy(ledger.missed, ({ job }) => job);
  const all = ledger.jobs.map((job) =>
    accountOne(job, {
      spans: spans.get(job.id) ?? [],
      missed: missed.get(job.id) ?? [],
      executions: (file.executionsOfJob.get(job.id) ?? []).filter(({ trigger }) => trigger !== 'manual'),
    }),
  );
  const expected = all.reduce((sum, one) => sum + one.expected, 0);
  const violations = all.flatMap((one) => one.violations);
  if (audit.unaccounted + audit.unexpected + audit.unreadable + audit.due + audit.open > 0) {
    violations.push({ rule: 'product audit', what: JSON.stringify(audit) });
  }
  if (audit.expected !== expected) {
    const what = `the product expects ${audit.expected} occurrences, walking the schedules finds ${expected}`;
    violations.push({ rule: 'product audit', what });
  }
  return { violations, expected };
}

interface Entries {
  spans: readonly LedgerSpan[];
  executions: readonly LedgerExecution[];
  missed: readonly LedgerMissed[];
}

function accountOne(job: LedgerJob, { spans, executions, missed }: Entries): Accounting {
  // What a job that is still enabled has ahead of it is not claimed yet.
  const claimedUntil = job.nextOccurrence === null ? Infinity : job.nextOccurrence - 1;
  const expected = new Set(spans.flatMap((span) => occurrencesIn(span, claimedUntil)));
  const executed = Map.groupBy(executions, ({ scheduledFor }) => scheduledFor);
  const violations: Violation[] = [];
  const blame = (rule: string, what: string) =>
    violations.push({ rule, what: `${what}, job ${job.id} ${job.schedule}` });
  for (const at of expected) {
    const count = (executed.get(at)?.length ?? 0) + missed.filter((run) => covers(run, at)).length;
    if (count === 0) blame('unaccounted', `${iso(at)} is in no entry`);
    if (count > 1) blame('recorded twice', `${iso(at)} is in ${count} entries`);
  }
  for (const at of executed.keys()) if (!expected.has(at)) blame('unexpected', `${iso(at)} is no occurrence`);
  for (const fault of missed.flatMap((run) => missedFaults(run, expected))) blame('missed count', fault);
  if (!job.enabled && spans.some(({ until }) => until === null)) {
    blame('open timetable', `the job is ${job.status}, but its timetable goes on`);
  }
  return { violations, expected: expected.size };
}

function missedFaults(run: LedgerMissed, expected: ReadonlySet<number>): string[] {
  const count = [...expected].filter((at) => covers(run, at)).length;
  if (count === run.count) return [];
  return [`missed ${iso(run.from)} to ${iso(run.to)} says ${run.count}, there are ${count}`];
}

function covers({ from, to }: LedgerMissed, at: number): boolean {
  return from <= at && at <= to;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
