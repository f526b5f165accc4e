import type { Logger, OutageWatch, Tracer } from '@automation/service-kit';
import type { TaskQueue } from '@automation/queue';
import type { Database } from '@automation/store';

import { type Claim, claimBatch, type ClaimOptions } from './claim-batch.ts';
import type { SchedulerMetrics } from './metrics.ts';
import { traceDispatches } from './trace-dispatches.ts';

export interface TickContext {
  db: Database;
  queue: TaskQueue;
  logger: Logger;
  outage: Pick<OutageWatch, 'noticed'>;
  metrics: SchedulerMetrics;
  tracer: Tracer;
}

/** A burst's first executions are on their way while the rest of it is claimed: batches begin small and double. */
const FIRST_BATCH = 50;

/**
 * Claims batch after batch of what is due from an instant on (null: of all), until there is no more, the tick's time is
 * over, or the scheduler stops.
 */
export async function tick(
  context: TickContext,
  options: ClaimOptions & { from: Date | null },
  stopping: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + options.timeoutMs;
  for (let size = FIRST_BATCH; ; size *= 2) {
    const jobs = Math.min(size, options.batchSize);
    const endTimer = context.metrics.claimDuration.startTimer();
    const claim = await claimBatch(context.db, context.queue, { ...options, jobs });
    endTimer();
    traceDispatches(context.tracer, claim);
    report(context, claim);
    if (claim.jobs < jobs || Date.now() >= deadline || stopping.aborted) return;
  }
}

function report({ logger, metrics }: TickContext, claim: Claim): void {
  if (claim.jobs > 0) metrics.claimJobs.observe(claim.jobs);
  for (const execution of claim.executions) {
    const { state, reason, trigger, scheduledFor, dueAt } = execution;
    const fields = {
      execution_id: execution.id,
      job_id: execution.jobId,
      account_id: execution.accountId,
      function_id: execution.functionId,
    };
    if (state === 'skipped') {
      metrics.skipped.inc();
      logger.info('execution skipped', { ...fields, reason });
      continue;
    }
    metrics.claimed.inc();
    const lagMs = claim.now.getTime() - dueAt.getTime();
    logger.debug('execution claimed', {
      ...fields,
      state,
      trigger,
      scheduled_for: scheduledFor,
      lag_ms: lagMs,
    });
  }
  for (const { jobId, accountId, from, to, count, reason } of claim.missed) {
    metrics.missed.inc(count);
    logger.warn('occurrences missed', { count, from, to, reason, job_id: jobId, account_id: accountId });
  }
  for (const { jobId, accountId, functionId, status, reason } of claim.ended) {
    const ids = { job_id: jobId, account_id: accountId, function_id: functionId };
    // A claim pauses a job whose schedule it cannot read, and for nothing else.
    if (status === 'paused') logger.warn('schedule parsing error', { error: reason, ...ids });
    logger.info(`job ${status}`, { reason, ...ids, enabled: false });
  }
}
