import type { AttemptRecord, Execution, RecordedPhase } from '@automation/domain';

import { instant, instantOrNull } from '../http/instant.ts';

/** An execution as it is answered (SPEC 3). */
export function executionJson(execution: Execution) {
  const { startedAt, completedAt } = execution;
  return {
    id: execution.id,
    job_id: execution.jobId,
    account_id: execution.accountId,
    function_id: execution.functionId,
    trigger: execution.trigger,
    scheduled_for: instant(execution.scheduledFor),
    status: execution.status,
    reason: execution.reason,
    check: execution.check && phaseJson(execution, execution.check),
    perform: execution.perform && phaseJson(execution, execution.perform),
    created_at: instant(execution.createdAt),
    started_at: instantOrNull(startedAt),
    completed_at: instantOrNull(completedAt),
    duration_ms: startedAt && completedAt && completedAt.getTime() - startedAt.getTime(),
  };
}

/** The seed's FunctionExecution, with its attempts and `http_status` beside. */
function phaseJson({ accountId, functionId }: Execution, phase: RecordedPhase) {
  return {
    id: phase.id,
    account_id: accountId,
    function_id: functionId,
    input: phase.input,
    output: phase.output,
    logs: phase.logs,
    error: phase.error,
    status: phase.status,
    started_at: instant(phase.startedAt),
    completed_at: instant(phase.completedAt),
    duration: phase.completedAt.getTime() - phase.startedAt.getTime(),
    attempts: phase.attempts,
    http_status: phase.httpStatus,
    attempt_log: phase.attemptLog.map(attemptJson),
  };
}

function attemptJson({ times, ...attempt }: AttemptRecord) {
  return {
    attempt: attempt.number,
    started_at: instant(attempt.startedAt),
    completed_at: instant(attempt.completedAt),
    status: attempt.status,
    http_status: attempt.httpStatus,
    error: attempt.error,
    connect_ms: times.connectMs,
    wait_ms: times.waitMs,
    body_ms: times.bodyMs,
    retry_at: instantOrNull(attempt.retryAt),
  };
}
