import { type AttemptResult, type AttemptTimes, NO_TIMES } from './attempt-result.ts';
import { backoffMs } from './backoff.ts';
import { interpretCheck } from './check-answer.ts';
import { type ExecutionStatus, idempotencyKey, type Phase, type PhaseRecord } from './execution.ts';
import type { JsonObject } from './json.ts';
import { performInput } from './phase-input.ts';

/** An attempt that was made: which one, of what, with which input, and when. */
export interface Attempt {
  executionId: string;
  jobId: string;
  phase: Phase;
  /** 1 for the first attempt of the phase. */
  number: number;
  retryLimit: number;
  /** Milliseconds that the function has, from `startedAt` on. */
  timeoutMs: number;
  payload: JsonObject;
  input: JsonObject;
  startedAt: Date;
  completedAt: Date;
  /** Absent if it ended elsewhere than where its request was made: at its deadline, or by its completion. */
  times?: AttemptTimes;
}

/** What is to be recorded of an execution after an attempt, and what has to happen next. */
export interface Settlement {
  phase: Phase;
  status: Exclude<ExecutionStatus, 'pending' | 'skipped' | 'cancelled'>;
  reason: string | null;
  /** Null: no attempt was made. */
  record: PhaseRecord | null;
  /** Attempts of the phase that are made by now. */
  attempts: number;
  /** Null: the execution is finished. */
  next: NextStep | null;
  /** The function said 410: the job pauses. */
  functionIsGone: boolean;
}

/** How an execution goes on. */
export interface NextStep {
  phase: Phase;
  delayMs: number;
  /** Of a hand-off; null keeps what there is. */
  performInput: JsonObject | null;
  /** No new attempt: the delay is the function's deadline for completing the one that it accepted. */
  isDeadline: boolean;
}

/** Decides what an attempt's result means for its execution (SPEC 3.6 to 3.8, SPEC 4). */
export function settle(attempt: Attempt, result: AttemptResult): Settlement {
  switch (result.kind) {
    case 'succeeded':
      return attempt.phase === 'check' ? settleCheck(attempt, result) : finish(attempt, result, 'succeeded');
    case 'accepted':
      return awaitCompletion(attempt, result);
    case 'unavailable':
      return retryOr(attempt, result, { finalStatus: 'failed', retryAfterMs: result.retryAfterMs });
    case 'timed_out':
      return retryOr(attempt, result, { finalStatus: 'timed_out', retryAfterMs: null });
    case 'rejected':
      return finish(attempt, result, 'failed');
    case 'gone':
      return { ...finish(attempt, result, 'failed'), functionIsGone: true };
  }
}

/**
 * No request is made now, and no attempt is used up: the execution waits (SPEC 4, the circuit breaker).
 * @param attempts those of the phase that are made
 */
export function postpone(
  { phase, attempts }: { phase: Phase; attempts: number },
  { delayMs, reason }: { delayMs: number; reason: string },
): Settlement {
  const next = { phase, delayMs, performInput: null, isDeadline: false };
  return { phase, status: underWay(phase), reason, record: null, attempts, next, functionIsGone: false };
}

function settleCheck(attempt: Attempt, result: AttemptResult & { kind: 'succeeded' }): Settlement {
  const answer = interpretCheck(result.output);
  if (!answer.shouldPerform) return finish(attempt, result, 'declined');
  const input = performInput(attempt.jobId, attempt.payload, answer.performPayload);
  return {
    ...finish(attempt, result, 'performing'),
    next: { phase: 'perform', delayMs: 0, performInput: input, isDeadline: false },
  };
}

/** The function has until its deadline, which counts from the start of the attempt. */
function awaitCompletion(attempt: Attempt, result: AttemptResult & { kind: 'accepted' }): Settlement {
  const deadline = attempt.startedAt.getTime() + (result.withinMs ?? attempt.timeoutMs);
  const delayMs = Math.max(0, deadline - attempt.completedAt.getTime());
  return goOn(
    attempt,
    { ...phaseRecord(attempt, result), status: 'accepted' },
    { delayMs, isDeadline: true },
  );
}

function retryOr(
  attempt: Attempt,
  result: AttemptResult,
  options: { finalStatus: 'failed' | 'timed_out'; retryAfterMs: number | null },
): Settlement {
  if (attempt.number > attempt.retryLimit) return finish(attempt, result, options.finalStatus);
  const delayMs = backoffMs(attempt.number, options.retryAfterMs);
  const record = phaseRecord(attempt, result);
  const retryAt = new Date(record.completedAt.getTime() + delayMs);
  return goOn(attempt, { ...record, status: 'retrying', retryAt }, { delayMs, isDeadline: false });
}

function goOn(
  { phase, number }: Attempt,
  record: PhaseRecord,
  step: Pick<NextStep, 'delayMs' | 'isDeadline'>,
): Settlement {
  return {
    phase,
    status: underWay(phase),
    reason: null,
    record,
    attempts: number,
    next: { phase, performInput: null, ...step },
    functionIsGone: false,
  };
}

function underWay(phase: Phase): 'checking' | 'performing' {
  return phase === 'check' ? 'checking' : 'performing';
}

function finish(attempt: Attempt, result: AttemptResult, status: Settlement['status']): Settlement {
  const record = phaseRecord(attempt, result);
  return {
    phase: attempt.phase,
    status,
    reason: record.error === '' ? null : `${attempt.phase}: ${record.error}`,
    record,
    attempts: attempt.number,
    next: null,
    functionIsGone: false,
  };
}

function phaseRecord(attempt: Attempt, result: AttemptResult): PhaseRecord {
  const { startedAt, completedAt } = attempt;
  return {
    id: idempotencyKey(attempt.executionId, attempt.phase),
    input: attempt.input,
    output: 'output' in result ? result.output : {},
    logs: 'logs' in result ? result.logs : [],
    error: 'error' in result ? result.error : '',
    status: result.kind === 'succeeded' || result.kind === 'timed_out' ? result.kind : 'failed',
    startedAt,
    // An attempt may end on another machine than it began on, and their clocks differ.
    completedAt: completedAt < startedAt ? startedAt : completedAt,
    attempts: attempt.number,
    httpStatus: result.httpStatus,
    times: attempt.times ?? NO_TIMES,
    retryAt: null,
  };
}
