import { parseSchedule } from '@automation/schedule';

import type { MissedRun } from './catch-up.ts';
import type { ActiveSpan, SimulatedExecution, Simulation } from './simulation.fixture.ts';
import { justBefore } from './timetable.ts';

/** All that the ledger says, a line for each entry, in the order of the occurrences. */
export function ledger({ executions, missed }: Simulation): string[] {
  return [
    ...executions.map((execution) => ({
      at: execution.planned.scheduledFor,
      line: executionLine(execution),
    })),
    ...missed.map((run) => ({ at: run.from, line: missedLine(run) })),
  ]
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ line }) => line);
}

/**
 * Whatever the ledger gets wrong, in words: each occurrence of the schedule while the job was active has to be in exactly
 * one execution or in exactly one run of missed ones, whose counts add up (SPEC 3).
 */
export function ledgerFaults(simulation: Simulation): string[] {
  const expected = expectedOccurrences(simulation.spans());
  const { executions, missed } = simulation;
  const executed = Map.groupBy(executions, ({ planned }) => planned.scheduledFor.getTime());
  const found = (at: number) =>
    (executed.get(at)?.length ?? 0) + missed.filter((run) => covers(run, at)).length;
  const wrong = [...expected].map((at) => ({ at, count: found(at) })).filter(({ count }) => count !== 1);
  const strangers = [...executed.keys()].filter((at) => !expected.has(at));
  return [
    ...simulation.faults,
    ...wrong.map(({ at, count }) => `${time(new Date(at))} is in ${count} entries`),
    ...strangers.map((at) => `${time(new Date(at))} is no occurrence`),
    ...missed.flatMap((run) => missedFaults(run, expected)),
    ...jobFaults(simulation),
  ];
}

/** Day and time, as short as they can be written. */
export function time(at: Date): string {
  return at
    .toISOString()
    .slice(5)
    .replace('T', ' ')
    .replace(/(:00)?\.000Z$/, '')
    .replace(/Z$/, '');
}

function executionLine({ planned, startedAt, fate }: SimulatedExecution): string {
  const { scheduledFor, trigger, reason } = planned;
  const what = `${time(scheduledFor)} ${trigger}`;
  if (startedAt === null) return `${what} ${fate}${reason === null ? '' : `, ${reason}`}`;
  if (startedAt.getTime() === scheduledFor.getTime()) return what;
  const [day, ...rest] = time(startedAt).split(' ');
  return `${what} at ${time(scheduledFor).startsWith(`${day} `) ? rest.join(' ') : time(startedAt)}`;
}

function missedLine({ from, to, count, reason }: MissedRun): string {
  return `${time(from)} to ${time(to)} missed ${count}, ${reason}`;
}

function expectedOccurrences(spans: readonly ActiveSpan[]): Set<number> {
  return new Set(spans.flatMap(occurrencesIn));
}

/** By the schedule alone: walks from one occurrence to the next. */
function occurrencesIn({ timetable, after, until }: ActiveSpan): number[] {
  const { startAt, endAt, anchor } = timetable;
  const schedule = parseSchedule(timetable.schedule, timetable.timezone);
  const last = endAt !== null && endAt < until ? endAt : until;
  const found: number[] = [];
  let next = schedule.next(startAt !== null && startAt > after ? justBefore(startAt) : after, anchor);
  while (next !== null && next <= last) {
    found.push(next.getTime());
    next = schedule.next(next, anchor);
  }
  return found;
}

function missedFaults(run: MissedRun, expected: ReadonlySet<number>): string[] {
  const within = [...expected].filter((at) => covers(run, at)).length;
  const endsAreOccurrences = expected.has(run.from.getTime()) && expected.has(run.to.getTime());
  if (within === run.count && endsAreOccurrences) return [];
  return [`"${missedLine(run)}", but there are ${within} occurrences`];
}

function jobFaults({ job, now, unfinished }: Simulation): string[] {
  const faults: string[] = [];
  const { running, waiting } = unfinished;
  if (job.inFlight !== running + waiting || job.waiting !== waiting) {
    faults.push(`in_flight ${job.inFlight}, waiting ${job.waiting}; ${running} run and ${waiting} wait`);
  }
  if (running === 0 && waiting > 0) faults.push(`${waiting} wait for nobody`);
  if (job.nextRun !== null && job.nextRun <= now) faults.push('the job is still due');
  return faults;
}

function covers({ from, to }: MissedRun, at: number): boolean {
  return from.getTime() <= at && at <= to.getTime();
}
