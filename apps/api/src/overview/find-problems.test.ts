import { findProblems } from './find-problems.ts';
import type { Overview } from './read-overview.ts';

const at = new Date('2026-01-01T00:00:00Z');
const NONE = { waiting: 0, delayed: 0, active: 0 };

const replicaOf = (service: string) => ({
  service,
  name: 'host:1',
  connections: 1,
  connectedSince: at,
  lastActiveAt: at,
});

const counted = (status: 'succeeded' | 'failed' | 'timed_out' | 'pending', count: number) => ({
  status,
  count,
  late: 0,
  earliest: at,
});

const well: Overview = {
  at,
  replicas: ['api', 'scheduler', 'worker'].map(replicaOf),
  recentFrom: at,
  recent: [counted('succeeded', 60), counted('failed', 40)],
  lag: { p50: 10, p99: 5_000 },
  due: { jobs: 3, oldestSeconds: 30 },
  tasks: { check: NONE, perform: NONE },
  failing: { from: at, functions: [] },
  paused: { count: 1, jobs: [] },
};

test('what heals by itself, and what is the affair of one owner, is no problem', () => {
  expect(findProblems(well)).toEqual([]);
  expect(findProblems({ ...well, recent: [], lag: null })).toEqual([]);
});

test.each<[string, Partial<Overview>, string]>([
  [
    'no scheduler',
    { replicas: ['api', 'worker'].map(replicaOf) },
    'no scheduler is connected: due jobs are not claimed',
  ],
  [
    'no worker',
    { replicas: ['api', 'scheduler'].map(replicaOf) },
    'no worker is connected: no function is invoked',
  ],
  [
    'jobs that nobody claims',
    { due: { jobs: 7, oldestSeconds: 31.2 } },
    '7 due jobs are not claimed, the oldest of them for 31 seconds',
  ],
  ['lag', { lag: { p50: 10, p99: 5_100 } }, 'executions begin late: 1 % of them by 5.1 seconds or more'],
  [
    'failures of most',
    {
      recent: [
        counted('succeeded', 10),
        counted('failed', 7),
        counted('timed_out', 4),
        counted('pending', 99),
      ],
    },
    'most executions fail: 11 of the last 21',
  ],
])('%s is', (_what, change, problem) => {
  expect(findProblems({ ...well, ...change })).toEqual([problem]);
});

test('a few failures say nothing', () => {
  expect(findProblems({ ...well, recent: [counted('failed', 20)] })).toEqual([]);
});
