import { type Execution, instantText, traceIdOf } from '@automation/domain';

import { dispatchSpanIdOf, type SpanContext } from './trace-context.ts';
import type { FinishedSpan, Tracer } from './tracer.ts';

type TracedExecution = Pick<Execution, 'id' | 'jobId' | 'accountId' | 'functionId' | 'trigger'>;

export interface Dispatch {
  execution: TracedExecution & Pick<Execution, 'scheduledFor'>;
  dueAt: Date;
  committedAt: Date;
  /** `ready`: on its way; `waiting` for the execution before it; `skipped`. */
  outcome: string;
  reason: string | null;
  /** What caused it beside the schedule. */
  links: readonly SpanContext[];
}

/** The root of an execution's trace: from when it was due to the commit of what puts it on its way. */
export function dispatchSpan({
  execution,
  dueAt,
  committedAt,
  outcome,
  reason,
  links,
}: Dispatch): FinishedSpan {
  return {
    name: 'automation.dispatch',
    kind: 'internal',
    traceId: traceIdOf(execution.id),
    spanId: dispatchSpanIdOf(execution.id),
    parent: null,
    links,
    startedAt: dueAt,
    endedAt: committedAt,
    attributes: {
      ...executionAttributes(execution),
      scheduled_for: instantText(execution.scheduledFor),
      outcome,
      ...(reason === null ? {} : { reason }),
    },
    error: null,
  };
}

/** The span under which an execution's attempts are. */
export function dispatchContext(tracer: Tracer, executionId: string): SpanContext {
  const traceId = traceIdOf(executionId);
  const isSampled = tracer.isSampled(traceId, null);
  return { traceId, spanId: dispatchSpanIdOf(executionId), isSampled };
}

/** What each span of an execution says of it. */
export function executionAttributes({ id, jobId, accountId, functionId, trigger }: TracedExecution) {
  return { execution_id: id, job_id: jobId, account_id: accountId, function_id: functionId, trigger };
}
