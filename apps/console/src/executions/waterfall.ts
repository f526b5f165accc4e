import type { Attempt, Execution, Phase } from '../api/execution.ts';
import { isOpen } from './is-open.ts';

/** What a part of an execution's time was spent on. */
export type Part =
  | 'claim'
  | 'queue'
  | 'connect'
  | 'wait'
  | 'body'
  /** Of an attempt, without knowing on which of the three. */
  | 'request'
  /** Accepted (202): the function says later what came of it. */
  | 'completion'
  | 'backoff'
  | 'running'
  /** Cancelled before there was an answer. */
  | 'cut_off';

/** A part from one instant to another, in epoch milliseconds. */
export interface Span {
  part: Part;
  from: number;
  to: number;
}

export type PhaseName = 'check' | 'perform';

/** A line of the waterfall: the time in the queue, or an attempt with what it waited for before and after. */
export interface WaterfallRow {
  phase: PhaseName | null;
  /** Null for the queue, and for an attempt that is under way. */
  attempt: Attempt | null;
  /** Its number within the phase; 0 for the queue. */
  number: number;
  spans: Span[];
}

/** An execution on one time axis. */
export interface Waterfall {
  from: number;
  to: number;
  rows: WaterfallRow[];
}

/** What an attempt's three parts may leave out of it, each of them being told in whole milliseconds. */
const ROUNDING_MS = 3;

const at = (instant: string) => Date.parse(instant);

/** Lays out both phases of an execution; what is under way goes on until `now` (epoch milliseconds). */
export function waterfallOf(execution: Execution, now: number): Waterfall {
  const queue = queueRow(execution, now);
  const begun = execution.started_at === null ? null : at(execution.started_at);
  const check = phaseRows('check', execution.check, begun);
  const perform = phaseRows('perform', execution.perform, endOf(execution.check) ?? begun);
  const rows = [queue, ...check, ...perform, ...underWay(execution, now)];
  const ends = rows.flatMap(({ spans }) => spans.map(({ to }) => to));
  const from = dueAt(execution);
  return { from, to: Math.max(from + 1, ...ends), rows };
}

/** Milliseconds from when an execution was due until a worker took it up; null if none has. */
export function lagOf(execution: Execution): number | null {
  return execution.started_at === null ? null : Math.max(0, at(execution.started_at) - dueAt(execution));
}

/** An occurrence that is caught up with was missed before it was claimed: that time is told by its trigger. */
function dueAt({ trigger, scheduled_for: scheduledFor, created_at: createdAt }: Execution): number {
  return trigger === 'catch_up' ? at(createdAt) : Math.min(at(scheduledFor), at(createdAt));
}

function queueRow(execution: Execution, now: number): WaterfallRow {
  const { started_at: startedAt, completed_at: completedAt, created_at: createdAt } = execution;
  const end = startedAt ?? completedAt;
  const claimed = at(createdAt);
  const spans: Span[] = [
    { part: 'claim', from: dueAt(execution), to: claimed },
    { part: 'queue', from: claimed, to: Math.max(claimed, end === null ? now : at(end)) },
  ];
  return { phase: null, attempt: null, number: 0, spans: spans.filter(hasLength) };
}

/** @param since when the phase could have begun */
function phaseRows(phase: PhaseName, recorded: Phase | null, since: number | null): WaterfallRow[] {
  if (recorded === null) return [];
  let free = since;
  return attemptsOf(recorded).map((attempt) => {
    const spans = attemptSpans(attempt, free);
    free = endOfAttempt(attempt);
    return { phase, attempt, number: attempt.attempt, spans };
  });
}

/** The attempts that are logged, or what the phase itself says of its latest one. */
export function attemptsOf(phase: Phase): Attempt[] {
  if (phase.attempt_log.length > 0) return phase.attempt_log;
  const { attempts: attempt, started_at, completed_at, status, http_status, error } = phase;
  const unknown = { connect_ms: null, wait_ms: null, body_ms: null, retry_at: null };
  return [{ attempt, started_at, completed_at, status, http_status, error, ...unknown }];
}

/** @param free from when on nothing but the queue held the attempt up */
function attemptSpans(attempt: Attempt, free: number | null): Span[] {
  const from = at(attempt.started_at);
  const to = at(attempt.completed_at);
  const spans: Span[] = [{ part: 'queue', from: free ?? from, to: from }];
  let reached = from;
  for (const [part, ms] of partsOf(attempt)) {
    const end = Math.min(to, reached + ms);
    spans.push({ part, from: reached, to: end });
    reached = end;
  }
  if (reached === from || to - reached > ROUNDING_MS)
    spans.push({ part: restOf(attempt), from: reached, to });
  if (attempt.retry_at !== null) spans.push({ part: 'backoff', from: to, to: at(attempt.retry_at) });
  return spans.filter(hasLength);
}

function partsOf({ connect_ms, wait_ms, body_ms }: Attempt): [Part, number][] {
  return [
    ['connect', connect_ms ?? 0],
    ['wait', wait_ms ?? 0],
    ['body', body_ms ?? 0],
  ];
}

function restOf({ http_status: httpStatus }: Attempt): Part {
  return httpStatus === 202 ? 'completion' : 'request';
}

/** The row of what has no record: an attempt, or the completion that an accepted one waits for. */
function underWay(execution: Execution, now: number): WaterfallRow[] {
  const end = unrecordedUntil(execution, now);
  const { check, started_at: startedAt } = execution;
  if (end === null || startedAt === null) return [];
  const phase = check?.status === 'succeeded' ? 'perform' : 'check';
  const latest = latestOf(execution[phase]);
  const from = latest === undefined ? (endOf(check) ?? at(startedAt)) : endOfAttempt(latest);
  // Until then its backoff is all that there is to show.
  if (from >= end) return [];
  const isAccepted = latest?.status === 'accepted';
  const number = (latest?.attempt ?? 0) + (isAccepted ? 0 : 1);
  const span = { part: unrecordedPart(execution, isAccepted), from, to: end };
  return [{ phase, attempt: null, number, spans: [span] }];
}

function latestOf(phase: Phase | null): Attempt | undefined {
  return phase === null ? undefined : attemptsOf(phase).at(-1);
}

/** When an attempt is over, the backoff after it included. */
function endOfAttempt({ retry_at: retryAt, completed_at: completedAt }: Attempt): number {
  return at(retryAt ?? completedAt);
}

/** Until when there may be something that no record tells of; null if there is nothing. */
function unrecordedUntil({ status, completed_at: completedAt }: Execution, now: number): number | null {
  if (isOpen(status)) return now;
  return status === 'cancelled' && completedAt !== null ? at(completedAt) : null;
}

function unrecordedPart({ reason, status }: Execution, isAccepted: boolean): Part {
  if (status === 'cancelled') return 'cut_off';
  if (isAccepted) return 'completion';
  // Of one under way, a reason is why it has to wait.
  return reason === null ? 'running' : 'queue';
}

function endOf(phase: Phase | null): number | null {
  return phase === null ? null : at(phase.completed_at);
}

function hasLength({ from, to }: Span): boolean {
  return to > from;
}
