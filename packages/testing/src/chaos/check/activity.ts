import type { LedgerJob, LedgerSpan, Operation, Violation } from '../evidence.ts';
import { type CaseFile, time } from './case-file.ts';
import { occurrencesIn } from './occurrences-in.ts';

/** What may end a job's activity, whatever the answer says. */
const ENDING = new Set(['pause', 'disable']);

/** A time in which a job was certainly enabled, or certainly not, by what the api answered. */
interface Known {
  enabled: boolean;
  from: number;
  until: number;
}

/**
 * The timetables with which the ledger is compared are themselves what users asked for: a job that nobody has paused is
 * active all the time, and one that is paused is not. Of jobs that the service may stop by itself only the latter is sure.
 */
export function compareActivity(file: CaseFile): Violation[] {
  const { ledger, operations, calls } = file.evidence;
  const spans = Map.groupBy(ledger.spans, ({ job }) => job);
  const asked = Map.groupBy(operations, ({ job }) => job);
  const gone = new Set(calls.filter(({ answer }) => answer?.status === 410).map(({ job }) => job));
  return ledger.jobs.flatMap((job) => {
    const own = spans.get(job.id) ?? [];
    const endsByItself = mayEndByItself(job, own) || gone.has(job.id);
    return knownTimes(asked.get(job.id) ?? [])
      .filter(({ enabled }) => !enabled || !endsByItself)
      .filter((known) => !agrees(known, own))
      .map(({ enabled, from, until }) => ({
        rule: 'timetable',
        what: `job ${job.id} was ${enabled ? 'enabled' : 'disabled'} from ${time(from)} to ${time(until)}; its timetables say otherwise`,
      }));
  });
}

function mayEndByItself(
  { maxRuns, pauseAfterFailures, endAt }: LedgerJob,
  spans: readonly LedgerSpan[],
): boolean {
  const isOnce = spans.some(({ schedule }) => schedule.startsWith('@at'));
  return maxRuns > 0 || pauseAfterFailures > 0 || endAt !== null || isOnce;
}

/** From an answer that says what the job is, to the next request that may change it. */
function knownTimes(operations: readonly Operation[]): Known[] {
  const changes = operations
    .filter(({ kind }) => kind === 'create' || kind === 'resume' || ENDING.has(kind))
    .toSorted((a, b) => a.sentAt - b.sentAt);
  return changes.flatMap((operation, index) => {
    const { status, answeredAt, enabled } = operation;
    const next = changes[index + 1];
    const wasAlone = changes.every((other) => other === operation || !isDuring(other, operation));
    const isAnswered = status !== null && status < 300 && enabled !== null;
    if (!isAnswered || !wasAlone || next === undefined || next.sentAt <= answeredAt) return [];
    return [{ enabled, from: answeredAt, until: next.sentAt }];
  });
}

/** Whether another one may still have been carried out when this one was, or after it. */
function isDuring(other: Operation, { sentAt, answeredAt }: Operation): boolean {
  const endedAt = other.status === null ? Infinity : other.answeredAt;
  return other.sentAt <= answeredAt && endedAt >= sentAt;
}

function agrees({ enabled, from, until }: Known, spans: readonly LedgerSpan[]): boolean {
  if (!enabled) return spans.every((span) => occurrencesIn(span, until - 1).every((at) => at <= from));
  let covered = from;
  for (const span of spans.toSorted((a, b) => a.after - b.after)) {
    if (span.after <= covered) covered = Math.max(covered, span.until ?? Infinity);
  }
  return covered >= until;
}
