import type { Verdict } from '../chaos/check/check.ts';
import type { Evidence, Violation } from '../chaos/evidence.ts';
import { listViolations } from '../chaos/list-violations.ts';
import { asLines, inline, tally } from '../chaos/tally.ts';
import type { RolloutRun } from './run-rollout.ts';

export interface Reported {
  run: Pick<RolloutRun, 'balancer' | 'client' | 'follower' | 'notes' | 'postgres'>;
  evidence: Evidence;
  verdict: Verdict;
  violations: readonly Violation[];
}

/** What a run came to, for people. */
export function report({ run, evidence, verdict, violations }: Reported): string {
  const { client, follower, notes, balancer } = run;
  const { ledger, calls, incidents, lives, lagMs } = evidence;
  const ends = incidents.map(({ at, until }) => until - at);
  return [
    '',
    `replaced            ${incidents.length} processes, the slowest ended ${Math.max(0, ...ends)} ms after SIGTERM`,
    `exit codes          ${inline(tally(lives.map(({ code, signal }) => code ?? signal ?? 'none')))}`,
    `requests to the api ${total(client.statuses)}; tried again: ${inline(client.retries)}; connections without a replica: ${balancer.unserved}`,
    `users               ${notes.jobs.size} jobs created, ${notes.runs.size} run by hand`,
    `events of new jobs  ${follower.jobs.length}, by ${follower.streams} streams`,
    `occurrences         ${verdict.expected}`,
    `executions          ${ledger.executions.length}: ${inline(tally(ledger.executions.map(({ status }) => status)))}`,
    `missed              ${ledger.missed.reduce((sum, { count }) => sum + count, 0)} occurrences`,
    `lateness            ${lateness(evidence)}`,
    `invocations         ${calls.length}, repeated: ${inline(verdict.repeats.repeated)}`,
    `the runner itself   was late by ${lagMs} ms at most`,
    ...asLines('api', client.statuses),
    '',
    ...listViolations(violations),
    ...(violations.length === 0 ? [] : [`look at ${run.postgres.directory}: evidence.json, *.log, data`]),
  ].join('\n');
}

/** From when an execution was claimed to its first request, of jobs whose occurrences do not wait for each other. */
function lateness({ ledger, calls }: Evidence): string {
  const first = new Map<string, number>();
  for (const { execution, at } of calls) first.set(execution, Math.min(at, first.get(execution) ?? Infinity));
  const queueing = new Set(
    ledger.jobs.flatMap(({ id, overlapPolicy }) => (overlapPolicy === 'queue' ? [id] : [])),
  );
  const late = ledger.executions
    .filter(({ job, trigger }) => trigger === 'schedule' && !queueing.has(job))
    .flatMap(({ id, createdAt }) => (first.has(id) ? [(first.get(id) ?? createdAt) - createdAt] : []))
    .toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(late[Math.floor(share * (late.length - 1))] ?? 0);
  return `from claim to first request p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`;
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
