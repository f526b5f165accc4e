import type { CpuPerRun, Measured } from './measured.ts';
import type { Settings } from './settings.ts';

/** Of a core, so that there is room for a peak and for a replica that fails. */
const PLANNED_SHARE = 0.7;
/** Nodes' worth of load that one PostgreSQL is to carry; more is for another cell. */
const NODES_PER_CELL = 10;
/** Largest partition of the history that is still quick to vacuum and to drop. */
export const LARGEST_PARTITION_BYTES = 100e9;
/** Between two checkpoints: `max_wal_size` has to hold the WAL of that time, or they come sooner. */
const CHECKPOINT_SECONDS = 900;
/** Versions of rows that a run leaves to vacuum: four of its execution, two of its job. */
const DEAD_ROWS_PER_RUN = 6;
/** A worker begins to record every 10 ms at most; what comes meanwhile goes into the same transaction. */
const RECORDINGS_PER_SECOND = 100;
/** For example. */
const SLOW_FUNCTION_SECONDS = 0.1;

const CALLS_PER_RUN = 2;
const DAY_SECONDS = 86_400;
/** For one of them to fail. */
const LEAST_REPLICAS = 2;

/** What one node comes to at most by each of its resources, the scarcest first. */
export interface Limit {
  resource: string;
  runsPerSecond: number;
}

/** What so many nodes' worth of load asks for, in all cells together. */
export interface Need {
  runsPerSecond: number;
  runsPerDay: number;
  cells: number;
  workers: number;
  workerBytes: number;
  schedulers: number;
  /** Of PostgreSQL. */
  cores: number;
  /** The same, if workers that share a PostgreSQL cost it as much as they do on one node. */
  coresShared: number;
  walBytesPerSecond: number;
  walBytesPerCheckpoint: number;
  deadRowsPerSecond: number;
  tasksPerSecond: number;
  historyBytesPerDay: number;
  historyBytesKept: number;
  /** Of one cell. */
  partitionsPerDay: number;
  connectionsPerCell: number;
  /** Of what one PostgreSQL can do, in one cell. */
  wakingShare: number;
}

/** Where one node ends, by each resource that a run uses. */
export function limitsOf(measured: Measured, settings: Settings): Limit[] {
  const { cores, backlog, steady, commitsPerSecond, wakingCommitsPerSecond } = measured;
  const limits: Limit[] = [
    { resource: `CPU of ${cores} cores`, runsPerSecond: cores * runsPerCore(steady.cpu) },
    { resource: `CPU of ${cores} cores, in a backlog`, runsPerSecond: cores * runsPerCore(backlog.cpu) },
    { resource: 'one worker, which is one thread', runsPerSecond: perCore(steady.cpu.worker) },
    { resource: 'one scheduler, which is one thread', runsPerSecond: perCore(steady.cpu.scheduler) },
    {
      resource: `one worker's places, functions of ${1_000 * SLOW_FUNCTION_SECONDS} ms`,
      runsPerSecond: settings.workerConcurrency / (CALLS_PER_RUN * SLOW_FUNCTION_SECONDS),
    },
    { resource: 'commits, flushed to this disk', runsPerSecond: commitsPerSecond / steady.writes.commits },
    {
      resource: 'commits that wake a worker',
      runsPerSecond: wakingCommitsPerSecond / steady.writes.wakingCommits,
    },
  ];
  return limits.toSorted((a, b) => a.runsPerSecond - b.runsPerSecond);
}

/** What a multiple of one node's steady load asks for. Nothing of it was measured beyond one node: it is all proportional. */
export function needOf(nodes: number, measured: Measured, settings: Settings): Need {
  const { steady, runBytes, workerBytes } = measured;
  const runsPerSecond = nodes * steady.perSecond;
  const cells = Math.ceil(nodes / NODES_PER_CELL);
  const workers = replicasFor(steady.cpu.worker, runsPerSecond, cells);
  const schedulers = replicasFor(steady.cpu.scheduler, runsPerSecond, cells);
  const cores = plannedCores(steady.cpu.postgres, runsPerSecond);
  const walBytesPerSecond = runsPerSecond * steady.writes.walBytes;
  const historyBytesPerDay = runsPerSecond * DAY_SECONDS * runBytes;
  return {
    runsPerSecond,
    runsPerDay: runsPerSecond * DAY_SECONDS,
    cells,
    workers,
    workerBytes: workers * workerBytes,
    schedulers,
    cores,
    coresShared: cores * costOfSharing(workers / cells, measured),
    walBytesPerSecond,
    walBytesPerCheckpoint: (walBytesPerSecond * CHECKPOINT_SECONDS) / cells,
    deadRowsPerSecond: runsPerSecond * DEAD_ROWS_PER_RUN,
    tasksPerSecond: runsPerSecond * steady.writes.tasks,
    historyBytesPerDay,
    historyBytesKept: historyBytesPerDay * settings.historyDays,
    partitionsPerDay: historyBytesPerDay / cells / LARGEST_PARTITION_BYTES,
    connectionsPerCell: (workers / cells + schedulers / cells + LEAST_REPLICAS) * (settings.poolSize + 1),
    wakingShare: wakingShareOf(runsPerSecond / cells, workers / cells, measured, settings),
  };
}

/** Runs a second for each core of a machine on which everything runs. */
export function runsPerCore({ scheduler, worker, postgres, functions }: CpuPerRun): number {
  return perCore(scheduler + worker + postgres + functions);
}

function perCore(coreMicroseconds: number): number {
  return 1e6 / coreMicroseconds;
}

function plannedCores(coreMicroseconds: number, runsPerSecond: number): number {
  return (runsPerSecond * coreMicroseconds) / 1e6 / PLANNED_SHARE;
}

/** How many times as much a run costs PostgreSQL as with one worker; beyond what was measured, as with the most of them. */
function costOfSharing(workers: number, { sharing }: Measured): number {
  const asMany = sharing.find((each) => each.workers >= workers) ?? sharing.at(-1);
  return (asMany?.postgres ?? NaN) / (sharing[0]?.postgres ?? NaN);
}

/** Processes of one thread each, the same number in each cell. */
function replicasFor(coreMicroseconds: number, runsPerSecond: number, cells: number): number {
  const perCell = Math.ceil(plannedCores(coreMicroseconds, runsPerSecond / cells));
  return cells * Math.max(LEAST_REPLICAS, perCell);
}

/** Share of the commits with a NOTIFY that one PostgreSQL can do: as many as runs ask for, or as workers and claims can make. */
function wakingShareOf(
  runsPerSecond: number,
  workers: number,
  { steady, wakingCommitsPerSecond }: Measured,
  { claimBatchSize }: Settings,
): number {
  const byRuns = runsPerSecond * steady.writes.wakingCommits;
  const atMost = workers * RECORDINGS_PER_SECOND + runsPerSecond / claimBatchSize;
  return Math.min(byRuns, atMost) / wakingCommitsPerSecond;
}
