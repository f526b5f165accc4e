import type { Logger } from '@automation/service-kit';
import type { TaskQueue } from '@automation/queue';
import type { Database } from '@automation/store';

import { type Claim, claimBatch, type ClaimOptions } from './claim-batch.ts';
import type { SchedulerMetrics } from './metrics.ts';

export interface TickContext {
  db: Database;
  queue: TaskQueue;
  logger: Logger;
  metrics: SchedulerMetrics;
}

/** Claims batch after batch until nothing more is due or the tick's time is over; answers the number of jobs claimed. */
export async function tick(context: TickContext, options: ClaimOptions): Promise<number> {
  const deadline = Date.now() + options.timeoutMs;
  let total = 0;
  for (;;) {
    const endTimer = context.metrics.claimDuration.startTimer();
    const claim = await claimBatch(context.db, context.queue, options);
    endTimer();
    report(context, claim);
    total += claim.jobs;
    if (claim.jobs < options.batchSize || Date.now() >= deadline) return total;
  }
}

function report({ logger, metrics }: TickContext, claim: Claim): void {
  metrics.claimed.inc(claim.started.length);
  metrics.skipped.inc(claim.skipped.length);
  for (const { jobId, accountId, functionId, id, scheduledFor } of claim.started) {
    logger.debug('execution claimed', {
      job_id: jobId,
      account_id: accountId,
      function_id: functionId,
      execution_id: id,
      scheduled_for: scheduledFor,
      lag_ms: claim.now.getTime() - scheduledFor.getTime(),
    });
  }
  for (const { jobId, accountId, functionId, id, reason } of claim.skipped) {
    logger.info('execution skipped', {
      job_id: jobId,
      account_id: accountId,
      function_id: functionId,
      execution_id: id,
      reason,
    });
  }
  for (const { jobId, status, reason } of claim.ended)
    logger.info(`job ${status}`, { job_id: jobId, reason });
}
