import { type Attempt, interpretCheck, traceIdOf } from '@automation/domain';
import type { InvocationResult } from '@automation/invoker';
import {
  dispatchContext,
  executionAttributes,
  type FinishedSpan,
  formatTraceparent,
  type Tracer,
} from '@automation/service-kit';
import type { LeasedExecution } from '@automation/store';

export interface TracedAttempt {
  execution: LeasedExecution;
  attempt: Attempt;
  result: InvocationResult;
  spanId: string;
  tracer: Tracer;
}

/** What a function's own spans go under: all attempts of an execution are spans of one trace, which its id names. */
export function attemptTraceparent(tracer: Tracer, executionId: string, spanId: string): string {
  const traceId = traceIdOf(executionId);
  return formatTraceparent(traceId, spanId, tracer.isSampled(traceId, null));
}

/** An attempt is a span under its execution's dispatch. */
export function attemptSpan({ execution, attempt, result, spanId, tracer }: TracedAttempt): FinishedSpan {
  const parent = dispatchContext(tracer, execution.id);
  return {
    name: `automation.job.${attempt.phase}`,
    kind: 'client',
    traceId: parent.traceId,
    spanId,
    parent,
    links: [],
    startedAt: attempt.startedAt,
    endedAt: attempt.completedAt,
    attributes: {
      ...executionAttributes(execution),
      phase: attempt.phase,
      attempt: attempt.number,
      outcome: outcomeOf(attempt, result),
      ...statusOf(result),
    },
    error: 'error' in result ? result.error : null,
  };
}

function outcomeOf({ phase }: Attempt, result: InvocationResult): string {
  const isDecline =
    phase === 'check' && result.kind === 'succeeded' && !interpretCheck(result.output).shouldPerform;
  return isDecline ? 'declined' : result.kind;
}

/** OpenTelemetry's own name for it, which tools look for. */
function statusOf(result: InvocationResult): Record<string, number> {
  if (result.kind === 'aborted' || result.httpStatus === null) return {};
  return { 'http.response.status_code': result.httpStatus };
}
