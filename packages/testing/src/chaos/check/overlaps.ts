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
        endedAt: endOf(call, file.noticedMs),
      })),
    )
    .toSorted((a, b) => a.call.at - b.call.at);
}

/** An attempt that the function accepted goes on until it is completed, or can't be any more. */
function endOf({ answer, endedAt, acceptedUntil, completions }: Call, noticedMs: number): number {
  // That a connection broke off is noticed later than it did.
  if (answer === null) return (endedAt ?? Infinity) - noticedMs;
  const [completion] = completions;
  const completedAt = completion?.at ?? Infinity;
  return acceptedUntil === null ? (endedAt ?? Infinity) : Math.min(acceptedUntil, completedAt);
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
