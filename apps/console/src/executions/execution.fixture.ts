import type { Attempt, Execution, Phase } from '../api/execution.ts';

/** An instant of the tests: so many milliseconds after nine. */
export const after = (ms: number): string => new Date(Date.UTC(2026, 0, 5, 9) + ms).toISOString();

export function attempt(number: number, from: number, to: number, rest: Partial<Attempt> = {}): Attempt {
  return {
    attempt: number,
    started_at: after(from),
    completed_at: after(to),
    status: 'succeeded',
    http_status: 200,
    error: '',
    connect_ms: null,
    wait_ms: null,
    body_ms: null,
    retry_at: null,
    ...rest,
  };
}

/** A phase that made these attempts. */
export function phase(attempts: Attempt[], rest: Partial<Phase> = {}): Phase {
  const { started_at, completed_at, status, http_status, error } = attempts.at(-1) ?? attempt(1, 0, 0);
  return {
    id: 'execution:check',
    account_id: 'account',
    function_id: 'function',
    input: { phase: 'check' },
    output: {},
    logs: [],
    error,
    status,
    started_at,
    completed_at,
    duration: 0,
    attempts: attempts.length,
    http_status,
    attempt_log: attempts,
    ...rest,
  };
}

/** An execution that was claimed 10 ms after it was due, and taken up 20 ms later. */
export function execution(rest: Partial<Execution> = {}): Execution {
  return {
    id: 'execution',
    job_id: 'job',
    account_id: 'account',
    function_id: 'function',
    trigger: 'schedule',
    scheduled_for: after(0),
    status: 'succeeded',
    reason: null,
    check: null,
    perform: null,
    created_at: after(10),
    started_at: after(30),
    completed_at: null,
    duration_ms: null,
    ...rest,
  };
}
