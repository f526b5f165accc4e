import { dispatchSpan, type Tracer } from '@automation/service-kit';

import type { Claim } from './claim-batch.ts';

/** Reports what a claim that was just committed dispatched: one span for each execution. */
export function traceDispatches(tracer: Tracer, { executions }: Claim): void {
  if (!tracer.isOn) return;
  const committedAt = new Date();
  for (const execution of executions) {
    const { dueAt, state: outcome, reason } = execution;
    tracer.report(dispatchSpan({ execution, dueAt, committedAt, outcome, reason, links: [] }));
  }
}
