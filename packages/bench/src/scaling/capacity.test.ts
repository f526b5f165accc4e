import { limitsOf, needOf } from './capacity.ts';
import type { Measured } from './measured.ts';
import type { Settings } from './settings.ts';

const LOAD = {
  perSecond: 1_000,
  cpu: { scheduler: 100, worker: 500, postgres: 700, functions: 200 },
  writes: { walBytes: 6_000, tasks: 0.5, commits: 1, wakingCommits: 0.25 },
};

const MEASURED: Measured = {
  cores: 3,
  backlog: { ...LOAD, perSecond: 2_000, cpu: { ...LOAD.cpu, postgres: 200 } },
  steady: { ...LOAD, lagMs: 20 },
  slower: [],
  sharing: [
    { workers: 1, perSecond: 3_000, postgres: 200 },
    { workers: 4, perSecond: 3_500, postgres: 250 },
    { workers: 8, perSecond: 3_000, postgres: 400 },
  ],
  runBytes: 2_500,
  jobBytes: 800,
  commitsPerSecond: 4_000,
  wakingCommitsPerSecond: 1_000,
  bareWakesPerSecond: 20_000,
  workerBytes: 400e6,
  othersCores: 0,
  read: { server: 200, postgres: 100 },
  create: { server: 400, postgres: 500 },
};

const SETTINGS: Settings = {
  poolSize: 10,
  workerConcurrency: 100,
  claimBatchSize: 500,
  historyDays: 30,
  maxStorageBytes: 300e6,
};

function costOfSharing(nodes: number): number {
  const { cores, coresShared } = needOf(nodes, MEASURED, SETTINGS);
  return coresShared / cores;
}

test('a node ends where the first of its resources does', () => {
  expect(limitsOf(MEASURED, SETTINGS)).toEqual([
    { resource: "one worker's places, functions of 100 ms", runsPerSecond: 500 },
    { resource: 'CPU of 3 cores', runsPerSecond: 2_000 },
    { resource: 'one worker, which is one thread', runsPerSecond: 2_000 },
    { resource: 'CPU of 3 cores, in a backlog', runsPerSecond: 3_000 },
    { resource: 'commits, flushed to this disk', runsPerSecond: 4_000 },
    { resource: 'commits that wake a worker', runsPerSecond: 4_000 },
    { resource: 'one scheduler, which is one thread', runsPerSecond: 10_000 },
  ]);
});

test('one node has two of each process, for one of them to fail', () => {
  expect(needOf(1, MEASURED, SETTINGS)).toMatchObject({ cells: 1, workers: 2, schedulers: 2 });
});

test('up to ten nodes are one cell, and each of their processes is planned at 70 % of a core', () => {
  const need = needOf(10, MEASURED, SETTINGS);

  expect(need).toMatchObject({ cells: 1, workers: 8, schedulers: 2, workerBytes: 8 * 400e6 });
  expect(need.cores).toBeCloseTo((10_000 * 700e-6) / 0.7);
  expect(need.connectionsPerCell).toBe((8 + 2 + 2) * 11);
});

test('PostgreSQL needs more for workers that share it, by as much as was measured of so many, or of the most', () => {
  expect(costOfSharing(1)).toBeCloseTo(250 / 200);
  expect(costOfSharing(10)).toBeCloseTo(400 / 200);
  expect(costOfSharing(1_000)).toBeCloseTo(400 / 200);
});

test('what a run writes adds up to WAL, to history and to work for vacuum', () => {
  expect(needOf(10, MEASURED, SETTINGS)).toMatchObject({
    walBytesPerSecond: 60e6,
    walBytesPerCheckpoint: 60e6 * 900,
    deadRowsPerSecond: 60_000,
    historyBytesPerDay: 10_000 * 86_400 * 2_500,
    historyBytesKept: 30 * 10_000 * 86_400 * 2_500,
    partitionsPerDay: (10_000 * 86_400 * 2_500) / 100e9,
    tasksPerSecond: 5_000,
  });
});

test('commits that wake a worker are as many as runs ask for, and never more than workers and claims can make', () => {
  expect(needOf(1, MEASURED, SETTINGS).wakingShare).toBeCloseTo((2 * 100 + 2) / 1_000);
  const busier = {
    ...MEASURED,
    steady: { ...MEASURED.steady, writes: { ...LOAD.writes, wakingCommits: 0.1 } },
  };
  expect(needOf(1, busier, SETTINGS).wakingShare).toBeCloseTo(100 / 1_000);
});

test('beyond a cell there are more cells, and each is like the first one', () => {
  const [one, hundred] = [needOf(10, MEASURED, SETTINGS), needOf(1_000, MEASURED, SETTINGS)];

  expect(hundred).toMatchObject({ cells: 100, workers: 800, schedulers: 200, runsPerSecond: 1e6 });
  for (const key of [
    'partitionsPerDay',
    'connectionsPerCell',
    'walBytesPerCheckpoint',
    'wakingShare',
  ] as const)
    expect(hundred[key]).toBeCloseTo(one[key]);
});
