import type { Execution, RecentExecution } from '../api/execution.ts';
import { countNewer, rowOf, withRecents } from './execution-row.ts';

const EXECUTION: Execution = {
  id: 'b',
  job_id: 'j',
  account_id: 'a',
  function_id: 'f',
  trigger: 'schedule',
  scheduled_for: '2026-01-05T09:00:00Z',
  status: 'performing',
  reason: null,
  check: null,
  perform: null,
  created_at: '2026-01-05T09:00:00Z',
  started_at: '2026-01-05T09:00:00.250Z',
  completed_at: null,
  duration_ms: null,
};

const RECENT: RecentExecution = {
  id: 'b',
  status: 'succeeded',
  trigger: 'schedule',
  scheduled_for: '2026-01-05T09:00:00Z',
  duration_ms: 40,
  lag_ms: 12,
};

test('a row tells how late an execution began', () => {
  expect(rowOf(EXECUTION)).toMatchObject({ lagMs: 250, attempts: 0, reason: null });
});

test('a row that was read while the execution was under way is brought up to date by the newest ones', () => {
  expect(withRecents([rowOf(EXECUTION)], [RECENT])[0]).toMatchObject({ status: 'succeeded', durationMs: 40 });
});

test('executions are newer than the rows if they come after the first one, whatever filter the rows have', () => {
  expect(countNewer([rowOf(EXECUTION)], [{ ...RECENT, id: 'c' }, RECENT, { ...RECENT, id: 'a' }])).toBe(1);
});
