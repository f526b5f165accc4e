import type { AutomationFunction } from '../api/automation-function.ts';
import type { FunctionHealth } from '../api/function-health.ts';

export function automationFunction(rest: Partial<AutomationFunction> = {}): AutomationFunction {
  return {
    id: 'function',
    account_id: 'account',
    name: 'report',
    url: 'https://example.com/report',
    headers: {},
    timeout_seconds: 30,
    created_at: '2026-01-05T09:00:00Z',
    updated_at: '2026-01-05T09:00:00Z',
    ...rest,
  };
}

export function functionHealth(rest: Partial<FunctionHealth> = {}): FunctionHealth {
  return {
    function_id: 'function',
    finished: 10,
    failed: 0,
    failing_share: 0,
    duration_ms: { p50: 10, p95: 20 },
    last_failure: null,
    waiting: 0,
    ...rest,
  };
}
