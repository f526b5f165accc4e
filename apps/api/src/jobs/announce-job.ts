import type { Job } from '@automation/domain';

import type { ApiDependencies } from '../dependencies.ts';
import type { Caller } from '../http/route.ts';

type Observers = Pick<ApiDependencies, 'logger' | 'metrics'>;

/** Logs and counts a new job (the seed's events and metrics). */
export function announceCreated({ logger, metrics }: Observers, caller: Caller, job: Job): void {
  metrics.jobCreated(job);
  logger.info('job created', fieldsOf(job, caller));
}

/** Logs and counts a change, and beside it that the job was enabled or disabled by it. */
export function announceUpdated(
  { logger, metrics }: Observers,
  caller: Caller,
  { before, after }: { before: Job; after: Job },
): void {
  metrics.jobUpdated(after);
  logger.info('job updated', fieldsOf(after, caller));
  if (before.enabled !== after.enabled) {
    logger.info(after.enabled ? 'job enabled' : 'job disabled', fieldsOf(after, caller));
  }
}

function fieldsOf(job: Job, caller: Caller) {
  return {
    job_id: job.id,
    account_id: job.accountId,
    function_id: job.functionId,
    enabled: job.enabled,
    request_id: caller.requestId,
  };
}
