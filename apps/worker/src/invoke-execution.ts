import { randomUUID } from 'node:crypto';

import {
  type Attempt,
  type AttemptResult,
  checkInput,
  idempotencyKey,
  instantText,
  settle,
  type Settlement,
} from '@automation/domain';
import type { Invoker } from '@automation/invoker';
import type { LeasedExecution } from '@automation/store';

/** An attempt that was made and what it came to; `aborted`: it was cut off, and nothing is to be recorded. */
export type Attempted = { kind: 'made'; attempt: Attempt; result: AttemptResult } | { kind: 'aborted' };

/** Asks the function to check or to perform: one HTTP request (SPEC 3.6 to 3.8, SPEC 4). */
export async function invokeExecution(
  invoker: Invoker,
  execution: LeasedExecution,
  signal: AbortSignal,
): Promise<Attempted> {
  const attempt = { ...attemptOf(execution), number: execution.attempts + 1, startedAt: new Date() };
  const result = await request(invoker, execution, attempt, signal);
  if (result.kind === 'aborted') return { kind: 'aborted' };
  return { kind: 'made', attempt: { ...attempt, completedAt: new Date() }, result };
}

/** The function accepted the attempt and has not completed it in time: it timed out (SPEC 4, async completion). */
export function deadlineMissed(execution: LeasedExecution, startedAt: Date): Settlement {
  const completedAt = new Date();
  const seconds = Math.round((completedAt.getTime() - startedAt.getTime()) / 1_000);
  const error = `accepted, and not completed within ${seconds} s`;
  const attempt = { ...attemptOf(execution), number: execution.attempts, startedAt, completedAt };
  return settle(attempt, { kind: 'timed_out', httpStatus: 202, error });
}

function attemptOf(execution: LeasedExecution) {
  const { id: executionId, jobId, phase, retryLimit, payload, performInput } = execution;
  const input = phase === 'check' || performInput === null ? checkInput(jobId, payload) : performInput;
  const timeoutMs = execution.timeoutSeconds * 1_000;
  return { executionId, jobId, phase, retryLimit, timeoutMs, payload, input };
}

async function request(
  invoker: Invoker,
  execution: LeasedExecution,
  attempt: Pick<Attempt, 'input' | 'number' | 'timeoutMs'>,
  signal: AbortSignal,
): Promise<AttemptResult | { kind: 'aborted' }> {
  const { url, secret } = execution;
  if (url === null || secret === null) {
    const error = `function ${execution.functionId} no longer exists`;
    return { kind: 'rejected', httpStatus: null, error, output: {}, logs: [] };
  }
  const invocation = {
    url,
    body: attempt.input,
    headers: { ...execution.headers, ...ourHeaders(execution, attempt.number) },
    secret,
    messageId: idempotencyKey(execution.id, execution.phase),
    timeoutMs: attempt.timeoutMs,
  };
  try {
    return await invoker.invoke(invocation, signal);
  } catch (error) {
    // A defect of ours or of the stored function: trying for ever would help nobody.
    const message = `internal error: ${error instanceof Error ? error.message : String(error)}`;
    return { kind: 'rejected', httpStatus: null, error: message, output: {}, logs: [] };
  }
}

function ourHeaders(execution: LeasedExecution, attemptNumber: number): Record<string, string> {
  return {
    'idempotency-key': idempotencyKey(execution.id, execution.phase),
    'x-automation-account': execution.accountId,
    'x-automation-job': execution.jobId,
    'x-automation-function': execution.functionId,
    'x-automation-execution': execution.id,
    'x-automation-phase': execution.phase,
    'x-automation-attempt': String(attemptNumber),
    'x-automation-scheduled-for': instantText(execution.scheduledFor),
    'x-automation-completion-token': execution.completionToken,
    traceparent: traceparentOf(execution.id),
  };
}

/**
 * W3C Trace Context: all requests of an execution are spans of one trace, which its id names. A span is named by the half
 * of a UUID, whose random bits Node keeps in stock: fetching eight bytes for each request took 3 % of a worker's time.
 */
function traceparentOf(executionId: string): string {
  const span = randomUUID().replaceAll('-', '').slice(16);
  return `00-${executionId.replaceAll('-', '')}-${span}-01`;
}
