import { type Execution, newId, traceIdOf } from '@automation/domain';
import { dispatchSpan, newSpanId, parseTraceparent } from '@automation/service-kit';

import type { ApiDependencies } from '../dependencies.ts';
import type { Caller } from '../http/route.ts';

/**
 * Reports a manual run as two spans: the request, in its caller's trace if there is one, and the dispatch that it caused,
 * which begins the execution's own trace and is linked to it.
 */
export function traceRun(
  { tracer, clock }: ApiDependencies,
  caller: Caller,
  { execution, requestedAt }: { execution: Execution; requestedAt: Date },
): void {
  if (!tracer.isOn) return;
  const committedAt = clock.now();
  const parent = parseTraceparent(caller.traceparent);
  const traceId = parent?.traceId ?? traceIdOf(newId(requestedAt));
  const request = { traceId, spanId: newSpanId(), isSampled: tracer.isSampled(traceId, parent) };
  tracer.report({
    name: 'POST /automation/jobs/{id}/run',
    kind: 'server',
    ...request,
    parent,
    links: [],
    startedAt: requestedAt,
    endedAt: committedAt,
    attributes: { request_id: caller.requestId, job_id: execution.jobId, account_id: caller.accountId },
    error: null,
  });
  tracer.report(
    dispatchSpan({
      execution,
      dueAt: requestedAt,
      committedAt,
      outcome: 'ready',
      reason: null,
      links: [request],
    }),
  );
}
