import type { AttemptResult } from './attempt-result.ts';
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
  payload: JsonObject;
  input: JsonObject;
  startedAt: Date;
  completedAt: Date;
}

/** What is to be recorded of an execution after an attempt, and what has to happen next. */
export interface Settlement {
  phase: Phase;
  status: Exclude<ExecutionStatus, 'pending' | 'skipped' | 'cancelled'>;
  reason: string | null;
  record: PhaseRecord;
  /** Null: the execution is finished. */
  next: { phase: Phase; delayMs: number; performInput: JsonObject | null } | null;
  /** The function said 410: the job pauses. */
  functionIsGone: boolean;
}

/** Decides what an attempt's result means for its execution (SPEC 3.6 to 3.8, SPEC 4). */
export function settle(attempt: Attempt, result: AttemptResult): Settlement {
  switch (result.kind) {
    case 'succeeded':
      return attempt.phase === 'check' ? settleCheck(attempt, result) : finish(attempt, result, 'succeeded');
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

function settleCheck(attempt: Attempt, result: AttemptResult & { kind: 'succeeded' }): Settlement {
  const answer = interpretCheck(result.output);
  if (!answer.shouldPerform) return finish(attempt, result, 'declined');
  const input = performInput(attempt.jobId, attempt.payload, answer.performPayload);
  return {
    ...finish(attempt, result, 'performing'),
    next: { phase: 'perform', delayMs: 0, performInput: input },
  };
}

function retryOr(
  attempt: Attempt,
  result: AttemptResult,
  options: { finalStatus: 'failed' | 'timed_out'; retryAfterMs: number | null },
): Settlement {
  if (attempt.number > attempt.retryLimit) return finish(attempt, result, options.finalStatus);
  return {
    phase: attempt.phase,
    status: attempt.phase === 'check' ? 'checking' : 'performing',
    reason: null,
    record: { ...phaseRecord(attempt, result), status: 'retrying' },
    next: {
      phase: attempt.phase,
      delayMs: backoffMs(attempt.number, options.retryAfterMs),
      performInput: null,
    },
    functionIsGone: false,
  };
}

function finish(attempt: Attempt, result: AttemptResult, status: Settlement['status']): Settlement {
  const record = phaseRecord(attempt, result);
  return {
    phase: attempt.phase,
    status,
    reason: record.error === '' ? null : `${attempt.phase}: ${record.error}`,
    record,
    next: null,
    functionIsGone: false,
  };
}

function phaseRecord(attempt: Attempt, result: AttemptResult): PhaseRecord {
  return {
    id: idempotencyKey(attempt.executionId, attempt.phase),
    input: attempt.input,
    output: 'output' in result ? result.output : {},
    logs: 'logs' in result ? result.logs : [],
    error: 'error' in result ? result.error : '',
    status: result.kind === 'succeeded' || result.kind === 'timed_out' ? result.kind : 'failed',
    startedAt: attempt.startedAt,
    completedAt: attempt.completedAt,
    attempts: attempt.number,
    httpStatus: result.httpStatus,
  };
}
