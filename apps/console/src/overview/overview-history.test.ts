import type { OutcomeCounts, Overview } from '../api/overview.ts';
import { failingShare, HISTORY_MS, type OverviewHistory, withOverview } from './overview-history.ts';

const NONE: OutcomeCounts = {
  from: '2026-01-05T09:00:00Z',
  per_second: 0,
  succeeded: 0,
  declined: 0,
  failed: 0,
  timed_out: 0,
  cancelled: 0,
  skipped: 0,
  open: 0,
};

const BEGIN = Date.parse('2026-01-05T09:00:00Z');
const TASKS = { waiting: 0, delayed: 0, active: 0 };

function overviewAt(ms: number, change: Partial<Overview> = {}): Overview {
  return {
    at: new Date(BEGIN + ms).toISOString(),
    problems: [],
    replicas: [],
    last_minute: NONE,
    last_5_minutes: NONE,
    dispatch_lag_ms: null,
    backlog: { due_jobs: 0, oldest_due_seconds: 0, tasks: { check: TASKS, perform: TASKS } },
    failing_functions: { from: NONE.from, functions: [] },
    paused_jobs: { count: 0, jobs: [] },
    ...change,
  };
}

test('it remembers five minutes', () => {
  let history: OverviewHistory | undefined;
  for (let ms = 0; ms <= 2 * HISTORY_MS; ms += 5_000) history = withOverview(history, overviewAt(ms));
  expect(history?.samples).toHaveLength(HISTORY_MS / 5_000 + 1);
  expect(history?.samples[0]?.at).toBe(BEGIN + HISTORY_MS);
});

test('an overview that is answered twice is one sample', () => {
  const once = withOverview(undefined, overviewAt(0));
  expect(withOverview(once, overviewAt(0)).samples).toHaveLength(1);
});

test('what waits to be claimed and what waits to be taken up are the backlog', () => {
  const tasks = { check: { ...TASKS, waiting: 2, active: 9 }, perform: { ...TASKS, waiting: 3, delayed: 9 } };
  const overview = overviewAt(0, { backlog: { due_jobs: 10, oldest_due_seconds: 1, tasks } });
  expect(withOverview(undefined, overview).samples[0]?.backlog).toBe(15);
});

test('of what finished, what failed or timed out is failing; of nothing there is no share', () => {
  const counts = { ...NONE, succeeded: 5, declined: 2, failed: 2, timed_out: 1, skipped: 90, open: 90 };
  expect(failingShare(overviewAt(0, { last_5_minutes: counts }))).toBe(0.3);
  expect(failingShare(overviewAt(0))).toBeNull();
});
