import type { Job } from '@automation/domain';

import { instant, instantOrNull } from '../http/instant.ts';

/** A job as it is answered: the seed's fields in the seed's order, then ours (SPEC 1). */
export function jobJson(job: Job) {
  return {
    id: job.id,
    account_id: job.accountId,
    function_id: job.functionId,
    name: job.name,
    description: job.description,
    schedule: job.schedule,
    status: job.status,
    enabled: job.enabled,
    run_count: job.runCount,
    max_runs: job.maxRuns,
    last_run: instantOrNull(job.lastRun),
    next_run: instantOrNull(job.nextRun),
    created_at: instant(job.createdAt),
    updated_at: instant(job.updatedAt),
    timezone: job.timezone,
    payload: job.payload,
    overlap_policy: job.overlapPolicy,
    catch_up_policy: job.catchUpPolicy,
    catch_up_window_seconds: job.catchUpWindowSeconds,
    jitter_seconds: job.jitterSeconds,
    start_at: instantOrNull(job.startAt),
    end_at: instantOrNull(job.endAt),
    retry_limit: job.retryLimit,
    timeout_seconds: job.timeoutSeconds,
    pause_after_failures: job.pauseAfterFailures,
    consecutive_failures: job.consecutiveFailures,
    check_count: job.checkCount,
    metadata: job.metadata,
  };
}
