import type { ExecutionStatus, RecentExecution } from '../api/execution.ts';
import { figuresOf } from './figures.ts';

const execution = (status: ExecutionStatus, durationMs: number | null = 10): RecentExecution => ({
  id: '1',
  status,
  trigger: 'schedule',
  scheduled_for: '2026-01-05T09:00:00Z',
  duration_ms: durationMs,
  lag_ms: durationMs,
});

test('a declined check is no failure, and what was skipped or is open counts for neither share', () => {
  const statuses: ExecutionStatus[] = ['succeeded', 'failed', 'declined', 'declined', 'skipped', 'pending'];
  const figures = figuresOf(statuses.map((status) => execution(status)));
  expect(figures.successShare).toBe(0.5);
  expect(figures.declinedShare).toBe(0.5);
});

test('percentiles are values that occurred, of the executions that have finished', () => {
  const durations = Array.from({ length: 20 }, (_, place) => execution('succeeded', 100 * (place + 1)));
  expect(figuresOf([...durations, execution('performing', null)]).duration).toEqual({
    p50: 1_000,
    p95: 1_900,
  });
});

test('without executions there is nothing to tell', () => {
  expect(figuresOf([])).toEqual({ successShare: null, declinedShare: null, duration: null, lag: null });
});
