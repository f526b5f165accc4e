import type { JsonObject } from './json-value.ts';

export type JobStatus = 'active' | 'paused' | 'completed';
export type OverlapPolicy = 'skip' | 'queue' | 'allow';
export type CatchUpPolicy = 'latest' | 'all' | 'none';

/** A job as the api answers it. Times are RFC 3339. */
export interface Job {
  id: string;
  account_id: string;
  function_id: string;
  name: string;
  description: string;
  schedule: string;
  status: JobStatus;
  enabled: boolean;
  run_count: number;
  /** 0 is unlimited. */
  max_runs: number;
  last_run: string | null;
  next_run: string | null;
  created_at: string;
  updated_at: string;
  timezone: string;
  payload: JsonObject;
  overlap_policy: OverlapPolicy;
  catch_up_policy: CatchUpPolicy;
  catch_up_window_seconds: number;
  jitter_seconds: number;
  start_at: string | null;
  end_at: string | null;
  retry_limit: number;
  /** Null: the function's. */
  timeout_seconds: number | null;
  /** 0 is never. */
  pause_after_failures: number;
  consecutive_failures: number;
  check_count: number;
  metadata: JsonObject;
}
