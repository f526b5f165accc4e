import type { Job } from '../api/job.ts';

/** A job that runs every hour, unless told otherwise. */
export function makeJob(fields: Partial<Job> = {}): Job {
  return {
    id: 'j-1',
    account_id: 'acc',
    function_id: 'f-1',
    name: 'hourly report',
    description: '',
    schedule: '@hourly',
    status: 'active',
    enabled: true,
    run_count: 0,
    max_runs: 0,
    last_run: null,
    next_run: '2026-01-05T10:00:00Z',
    created_at: '2026-01-05T09:00:00Z',
    updated_at: '2026-01-05T09:00:00Z',
    timezone: 'UTC',
    payload: {},
    overlap_policy: 'skip',
    catch_up_policy: 'latest',
    catch_up_window_seconds: 86_400,
    jitter_seconds: 0,
    start_at: null,
    end_at: null,
    retry_limit: 2,
    timeout_seconds: null,
    pause_after_failures: 0,
    consecutive_failures: 0,
    check_count: 0,
    metadata: {},
    ...fields,
  };
}
