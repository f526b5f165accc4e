import type { Call, LedgerExecution, Violation } from '../evidence.ts';
import { type CaseFile, nameOf, time } from './case-file.ts';

/** How long a worker may take to hear of a cancellation. */
const CANCELLATION_HEARD_MS = 2_000;

interface Attempt {
  call: Call;
  execution: LedgerExecution;
  endedAt: number;
}

/**
 * No two executions of a job are under way at once where `skip` or `queue` forbids it (SPEC 3.4); manual runs may be. By
 * the ledger there is no exception. By the requests there is one: a worker that lost its lease still has its own open.
 */
export function forbidOverlaps(file: CaseFile): Violation[] {
  const jobs = file.evidence.ledger.jobs.filter(({ overlapPolicy }) => overlapPolicy !== 'allow');
  return jobs.flatMap((job) => {
    const executions = (file.executionsOfJob.get(job.id) ?? []).filter(({ trigger }) => trigger !== 'manual');
    const rule = `overlap under ${job.overlapPolicy}`;
    const requests = overlapping(attemptsOf(file, executions), (earlier, later) =>
      isForbidden(file, earlier, later),
    );
    const recorded = overlapping(periodsOf(file, executions), () => true);
    return [...requests, ...recorded].map((what) => ({ rule, what }));
  });
}

/** What two executions did at the same time, as far as it is forbidden. */
function overlapping(
  attempts: readonly Attempt[],
  judge: (earlier: Attempt, later: Attempt) => boolean,
): string[] {
  return attempts.flatMap((earlier, index) =>
    attempts
      .slice(index + 1)
      .filter(({ execution, call }) => execution !== earlier.execution && call.at < earlier.endedAt)
      .filter((later) => judge(earlier, later))
      .map((later) => describe(earlier, later)),
  );
}

/** Each execution from its first request to its recorded end. */
function periodsOf(file: CaseFile, executions: readonly LedgerExecution[]): Attempt[] {
  return executions
    .flatMap((execution) => {
      const endedAt = execution.completedAt ?? Infinity;
      const [call] = file.callsOfExecution.get(execution.id) ?? [];
      return call === undefined || call.at > endedAt ? [] : [{ call, execution, endedAt }];
    })
    .toSorted((a, b) => a.call.at - b.call.at);
}

function attemptsOf(file: CaseFile, executions: readonly LedgerExecution[]): Attempt[] {
  return executions
    .flatMap((execution) =>
      (file.callsOfExecution.get(execution.id) ?? []).map((call) => ({
        call,
        execution,
        endedAt: endOf(file, execution, call),
      })),
    )
    .toSorted((a, b) => a.call.at - b.call.at);
}

/** An attempt that the function accepted goes on until it is completed, or can't be any more. */
function endOf(file: CaseFile, execution: LedgerExecution, call: Call): number {
  const { answer, acceptedUntil, completions } = call;
  const endedAt = call.endedAt ?? Infinity;
  // That a connection broke off is noticed later than it did.
  if (answer === null) return endedAt - file.noticedMs;
  if (acceptedUntil === null) return endedAt;
  const withinMs = acceptedUntil - call.at;
  return Math.min(
    completions[0]?.at ?? Infinity,
    startOf(execution, call) + withinMs,
    nextAttemptAt(file, call),
  );
}

/** When the worker made an attempt, from which its deadline counts; the function may have come to it seconds later. */
function startOf(execution: LedgerExecution, { phase, attempt, at }: Call): number {
  const record = execution[phase];
  return record?.attempts === attempt ? Math.min(record.startedAt, at) : at;
}

function nextAttemptAt(file: CaseFile, { execution, phase, attempt }: Call): number {
  const requests = file.callsOfExecution.get(execution) ?? [];
  return requests.find((other) => other.phase === phase && other.attempt > attempt)?.at ?? Infinity;
}

function isForbidden(file: CaseFile, earlier: Attempt, later: Attempt): boolean {
  const isCancelled =
    earlier.execution.status === 'cancelled' &&
    (earlier.execution.completedAt ?? Infinity) - CANCELLATION_HEARD_MS <= later.call.at;
  // A request by a worker that lost its lease belongs to an execution that went on, and may have ended, without it.
  const isStale = later.execution.completedAt !== null && later.call.at > later.execution.completedAt;
  const loss = file.leaseLoss([earlier.call], later.call.at);
  return !isCancelled && !isStale && (loss === null || loss.kind === 'terminate');
}

function describe(earlier: Attempt, later: Attempt): string {
  const one = ({ call, execution, endedAt }: Attempt) =>
    `${call.phase} ${call.attempt} of ${nameOf(execution)} from ${time(call.at)} to ${Number.isFinite(endedAt) ? time(endedAt) : '-'} (process ${call.sender}, recorded end ${time(execution.completedAt)})`;
  return `${one(earlier)} and ${one(later)}`;
}
