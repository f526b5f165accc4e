import type { ActiveSpan } from './active-span.ts';
import { type AuditCounts, type AuditedJob, type AuditWindow, JobAudit } from './audit.ts';
import { CREATED_AT } from './job.fixture.ts';
import type { Simulation } from './simulation.fixture.ts';

/** An entry of the ledger: the occurrence of an execution, or missed occurrences. */
export type Entry = Date | { from: Date; to: Date; count: number };

/** A stretch of time from the creation of the tests' jobs on, by a timetable of which only what matters is given. */
export function span(schedule: string, options: Partial<ActiveSpan> = {}): ActiveSpan {
  const defaults = { timezone: 'UTC', anchor: CREATED_AT, startAt: null, endAt: null };
  return { schedule, ...defaults, after: CREATED_AT, until: null, ...options };
}

/** Audits entries in whatever order they are given. */
export function audit(job: AuditedJob, entries: readonly Entry[], window: AuditWindow): AuditCounts {
  const jobAudit = new JobAudit(job, window);
  for (const entry of entries.toSorted((a, b) => startOf(a) - startOf(b))) {
    if (entry instanceof Date) jobAudit.addExecution(entry.getTime());
    else jobAudit.addMissed({ from: entry.from.getTime(), to: entry.to.getTime(), count: entry.count });
  }
  return jobAudit.finish();
}

/** Audits all of a simulated job's life, with its ledger or with another one. */
export function auditSimulation(simulation: Simulation, entries = entriesOf(simulation)): AuditCounts {
  const { job, now } = simulation;
  const spans = spansOf(simulation);
  return audit({ spans, nextOccurrence: job.nextOccurrence }, entries, {
    from: new Date(0),
    to: endOf(simulation, now),
  });
}

/** The clock may have been set back since the last of them. */
function endOf(simulation: Simulation, now: Date): Date {
  const ends = entriesOf(simulation).map((entry) => (entry instanceof Date ? entry : entry.to).getTime());
  return new Date(ends.reduce((a, b) => Math.max(a, b), now.getTime()) + 1_000);
}

export function entriesOf({ executions, missed }: Simulation): Entry[] {
  return [...executions.map(({ planned }) => planned.scheduledFor), ...missed];
}

/** What the store would keep: of stretches that overlap, since the clock was set back, the later one holds. */
function spansOf(simulation: Simulation): ActiveSpan[] {
  const isActive = simulation.job.nextOccurrence !== null;
  let kept: ActiveSpan[] = [];
  for (const { timetable, after, until } of simulation.spans()) {
    const { schedule, timezone, anchor, startAt, endAt } = timetable;
    kept = kept.filter((earlier) => earlier.after < after).map((earlier) => endedBy(earlier, after));
    kept.push({ schedule, timezone, anchor, startAt, endAt, after, until });
  }
  return isActive ? kept.map((each, n) => (n === kept.length - 1 ? { ...each, until: null } : each)) : kept;
}

function endedBy(earlier: ActiveSpan, at: Date): ActiveSpan {
  return earlier.until === null || earlier.until > at ? { ...earlier, until: at } : earlier;
}

function startOf(entry: Entry): number {
  return (entry instanceof Date ? entry : entry.from).getTime();
}
