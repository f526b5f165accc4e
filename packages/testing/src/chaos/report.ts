import type { Verdict } from './check/check.ts';
import type { Evidence, Life } from './evidence.ts';
import { listViolations } from './list-violations.ts';
import type { ChaosOptions } from './options.ts';
import { asLines, inline, tally } from './tally.ts';

export interface Reported {
  options: ChaosOptions;
  evidence: Evidence;
  verdict: Verdict;
  /** The api's answers by request and status. */
  statuses: ReadonlyMap<string, number>;
  /** Where the data and the logs are. */
  directory: string;
}

/** What a run came to, for people. */
export function report(reported: Reported): string {
  const { evidence, verdict, statuses } = reported;
  const { ledger, calls, incidents, lives, audit } = evidence;
  const { repeats, recoveries, expected } = verdict;
  return [
    '',
    ...asLines('disturbances', tally(incidents.map(({ what }) => what.replace(/-?\d.*/, '').trim()))),
    ...asLines('processes ended', tally(lives.map(endOf))),
    `jobs                ${ledger.jobs.length}: ${inline(tally(ledger.jobs.map(({ status }) => status)))}`,
    `occurrences         ${expected} by the schedules, ${audit.expected} by the product's audit`,
    `executions          ${ledger.executions.length}: ${inline(tally(ledger.executions.map(({ status }) => status)))}`,
    `missed              ${ledger.missed.reduce((sum, { count }) => sum + count, 0)} occurrences in ${ledger.missed.length} entries`,
    `requests            ${calls.length}: ${inline(tally(calls.map(({ answer }) => answer?.status ?? 'unanswered')))}`,
    `  sender unknown    ${calls.filter(({ sender }) => sender === null).length}`,
    `  repeated          ${inline(repeats.repeated)}`,
    `  after the end     ${inline(repeats.afterEnd)}`,
    `recovery after kill ${recovery(recoveries.times)}; ${recoveries.excused} later than 15 s while something else held them up`,
    `ledger scan found   ${inline(tally(lives.flatMap(({ findings }) => findings)))}`,
    `the runner itself   was late by ${evidence.lagMs} ms at most`,
    ...asLines('api', statuses),
    '',
    ...verdictLines(reported),
  ].join('\n');
}

function verdictLines({ options, verdict: { violations }, directory }: Reported): string[] {
  const lines = listViolations(violations);
  if (violations.length === 0) return lines;
  const { seed, minutes, jobs } = options;
  return [
    ...lines,
    `look at ${directory}: evidence.json (what was compared), *.log (the processes and PostgreSQL), data (the database)`,
    `again: npm run chaos -- --seed ${seed} --minutes ${minutes} --jobs ${jobs}`,
  ];
}

function endOf({ endedBy, code, signal, readyAt }: Life): string {
  const how = endedBy ?? (readyAt === null ? 'while it started' : 'by itself');
  return `${how}: ${code ?? signal}`;
}

function recovery(times: readonly number[]): string {
  if (times.length === 0) return 'nothing was under way in a process that was killed';
  return `${times.length} requests: p50 ${seconds(times[Math.floor(times.length / 2)])} s, max ${seconds(times.at(-1))} s`;
}

function seconds(ms: number | undefined): string {
  return ((ms ?? 0) / 1_000).toFixed(1);
}
