/** How a function has done in the last hour. */
export interface FunctionHealth {
  function_id: string;
  finished: number;
  failed: number;
  /** Null if none has finished. */
  failing_share: number | null;
  duration_ms: { p50: number | null; p95: number | null };
  last_failure: { at: string; reason: string | null } | null;
  /** Executions that wait for its open circuit breaker. */
  waiting: number;
}
