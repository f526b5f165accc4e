import type { JsonObject, JsonValue } from './json-value.ts';

export type ExecutionStatus =
  | 'pending'
  | 'checking'
  | 'performing'
  | 'succeeded'
  | 'declined'
  | 'skipped'
  | 'failed'
  | 'timed_out'
  | 'cancelled';

export type Trigger = 'schedule' | 'manual' | 'catch_up';

/** One attempt of a phase. What has not happened is null. */
export interface Attempt {
  attempt: number;
  started_at: string;
  completed_at: string;
  status: string;
  http_status: number | null;
  /** Empty if there was none. */
  error: string;
  connect_ms: number | null;
  wait_ms: number | null;
  body_ms: number | null;
  /** When the next one was planned for. */
  retry_at: string | null;
}

/** A phase of an execution: its check, or its perform. */
export interface Phase {
  id: string;
  account_id: string;
  function_id: string;
  input: JsonObject;
  output: JsonValue;
  logs: string[];
  /** Empty if there was none. */
  error: string;
  status: string;
  started_at: string;
  completed_at: string;
  /** In milliseconds. */
  duration: number;
  attempts: number;
  http_status: number | null;
  /** The last ten. */
  attempt_log: Attempt[];
}

/** An execution as the api answers it. */
export interface Execution {
  id: string;
  job_id: string;
  account_id: string;
  function_id: string;
  trigger: Trigger;
  scheduled_for: string;
  status: ExecutionStatus;
  reason: string | null;
  check: Phase | null;
  perform: Phase | null;
  created_at: string;
  started_at: string | null;
  completed_at: string | null;
  duration_ms: number | null;
}

/** Of a job's newest executions, as much as a strip of marks shows. */
export interface RecentExecution {
  id: string;
  status: ExecutionStatus;
  trigger: Trigger;
  scheduled_for: string;
  duration_ms: number | null;
  lag_ms: number | null;
}
