/** Executions of a time, by what became of them. */
export interface OutcomeCounts {
  from: string;
  /** All of them, each second. */
  per_second: number;
  succeeded: number;
  declined: number;
  failed: number;
  timed_out: number;
  cancelled: number;
  skipped: number;
  open: number;
}

export interface TaskCounts {
  waiting: number;
  delayed: number;
  active: number;
}

export interface Replica {
  service: string;
  /** Machine and process id. */
  name: string;
  connections: number;
  connected_since: string;
  last_active_at: string;
}

export interface FailingFunction {
  function_id: string;
  account_id: string;
  name: string | null;
  failed: number;
  finished: number;
  last_reason: string | null;
}

/** A job that the service has paused by itself. */
export interface PausedJob {
  id: string;
  account_id: string;
  function_id: string;
  name: string;
  reason: string;
}

/** How the whole service does, for operators. */
export interface Overview {
  at: string;
  /** What a person should look at now, the worst first. */
  problems: string[];
  replicas: Replica[];
  last_minute: OutcomeCounts;
  last_5_minutes: OutcomeCounts;
  /** Null if nothing was dispatched. */
  dispatch_lag_ms: { p50: number; p99: number } | null;
  backlog: {
    due_jobs: number;
    oldest_due_seconds: number;
    tasks: { check: TaskCounts; perform: TaskCounts };
  };
  failing_functions: { from: string; functions: FailingFunction[] };
  /** `count` may be more than those that are listed. */
  paused_jobs: { count: number; jobs: PausedJob[] };
}
