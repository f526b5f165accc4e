import {
  type Attempt,
  type AttemptResult,
  checkInput,
  idempotencyKey,
  instantText,
  settle,
  type Settlement,
} from '@automation/domain';
import { type Invoked, type Invoker, notMade } from '@automation/invoker';
import { newSpanId, type Tracer } from '@automation/service-kit';

import { attemptSpan, attemptTraceparent } from './attempt-span.ts';
import type { ReadyExecution } from './with-input.ts';

/** An attempt that was made and what it came to; `aborted`: it was cut off, and nothing is to be recorded. */
export type Attempted =
  { kind: 'made'; attempt: Attempt; result: AttemptResult; bytes: number } | { kind: 'aborted' };

/** Asks the function to check or to perform: one HTTP request (SPEC 3.6 to 3.8, SPEC 4), and a span that it names. */
export async function invokeExecution(
  { invoker, tracer }: { invoker: Invoker; tracer: Tracer },
  execution: ReadyExecution,
  signal: AbortSignal,
): Promise<Attempted> {
  const spanId = newSpanId();
  const traceparent = attemptTraceparent(tracer, execution.id, spanId);
  const number = execution.attempts + 1;
  const begun = { ...attemptOf(execution), number, traceparent, startedAt: new Date() };
  const { result, times, bytes } = await request(invoker, execution, begun, signal);
  const attempt = { ...begun, completedAt: new Date(), times };
  if (tracer.isOn) tracer.report(attemptSpan({ execution, attempt, result, spanId, tracer }));
  return result.kind === 'aborted' ? result : { kind: 'made', attempt, result, bytes };
}

/** The function accepted the attempt and has not completed it in time: it timed out (SPEC 4, async completion). */
export function deadlineMissed(execution: ReadyExecution, startedAt: Date): Settlement {
  const completedAt = new Date();
  const seconds = Math.round((completedAt.getTime() - startedAt.getTime()) / 1_000);
  const error = `accepted, and not completed within ${seconds} s`;
  const attempt = { ...attemptOf(execution), number: execution.attempts, startedAt, completedAt };
  return settle(attempt, { kind: 'timed_out', httpStatus: 202, error });
}

function attemptOf(execution: ReadyExecution) {
  const { id: executionId, jobId, phase, retryLimit, payload, performInput } = execution;
  const input = phase === 'check' || performInput === null ? checkInput(jobId, payload) : performInput;
  const timeoutMs = execution.timeoutSeconds * 1_000;
  return { executionId, jobId, phase, retryLimit, timeoutMs, payload, input };
}

async function request(
  invoker: Invoker,
  execution: ReadyExecution,
  attempt: Pick<Attempt, 'input' | 'number' | 'timeoutMs'> & { traceparent: string },
  signal: AbortSignal,
): Promise<Invoked> {
  const { url, secrets } = execution;
  if (url === null || secrets === null)
    return impossible(`function ${execution.functionId} no longer exists`);
  const invocation = {
    url,
    body: attempt.input,
    headers: { ...execution.headers, ...ourHeaders(execution, attempt) },
    secrets,
    messageId: idempotencyKey(execution.id, execution.phase),
    timeoutMs: attempt.timeoutMs,
  };
  try {
    return await invoker.invoke(invocation, signal);
  } catch (error) {
    // A defect of ours or of the stored function: trying for ever would help nobody.
    return impossible(`internal error: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** An attempt that came to no request, and would not the next time. */
function impossible(error: string): Invoked {
  return notMade({ kind: 'rejected', httpStatus: null, error, output: {}, logs: [] });
}

function ourHeaders(
  execution: ReadyExecution,
  attempt: { number: number; traceparent: string },
): Record<string, string> {
  return {
    'idempotency-key': idempotencyKey(execution.id, execution.phase),
    'x-automation-account': execution.accountId,
    'x-automation-job': execution.jobId,
    'x-automation-function': execution.functionId,
    'x-automation-execution': execution.id,
    'x-automation-phase': execution.phase,
    'x-automation-attempt': String(attempt.number),
    'x-automation-scheduled-for': instantText(execution.scheduledFor),
    'x-automation-completion-token': execution.completionToken,
    traceparent: attempt.traceparent,
  };
}
