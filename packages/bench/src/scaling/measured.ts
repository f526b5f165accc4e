import type { Results } from './results.ts';

/** Core-µs for each run. */
export interface CpuPerRun {
  scheduler: number;
  worker: number;
  postgres: number;
  functions: number;
}

/** What a run costs PostgreSQL beside CPU. */
export interface WritesPerRun {
  walBytes: number;
  /** Of the queues: a task names several executions, and a run has one of each phase. */
  tasks: number;
  commits: number;
  /** Those that wake a worker. */
  wakingCommits: number;
}

/** What a run costs when so many a second fall due evenly. */
export interface Rate {
  perSecond: number;
  cpu: CpuPerRun;
}

/** What so many workers that share a PostgreSQL come to, in a backlog. */
export interface SharedBy {
  workers: number;
  perSecond: number;
  /** Core-µs for each run. */
  postgres: number;
}

/** What the page's numbers are derived from; all of it was measured. */
export interface Measured {
  cores: number;
  backlog: { perSecond: number; cpu: CpuPerRun; writes: WritesPerRun };
  /** Jobs that fall due evenly, so many a second as one node does for a long time. */
  steady: { perSecond: number; lagMs: number; cpu: CpuPerRun; writes: WritesPerRun };
  /** Below the steady load, the lowest first. */
  slower: readonly Rate[];
  /** From one worker on, in the order of their number. */
  sharing: readonly SharedBy[];
  runBytes: number;
  jobBytes: number;
  /** That PostgreSQL can do on the benchmark's disk; with a NOTIFY each waits for the one before it. */
  commitsPerSecond: number;
  wakingCommitsPerSecond: number;
  /** Those that do nothing but wake somebody: they write nothing, so they wait for no disk. */
  bareWakesPerSecond: number;
  workerBytes: number;
  /** While writes were measured. */
  othersCores: number;
  /** Core-µs of api and PostgreSQL for each request. */
  read: { server: number; postgres: number };
  create: { server: number; postgres: number };
}

const WORKERS = [1, 2, 4, 8];
const SLOWER = [100, 500];
const STEADY = 'steady 500 runs/s';

/** Takes what the page needs from the results. Throws if something was not measured. */
export function measuredFrom(results: Results): Measured {
  return {
    cores: results.coresOf('horizon'),
    backlog: {
      perSecond: results.figure('throughput', 'automation-service'),
      cpu: cpuOf(results, 'throughput', 'automation-service'),
      writes: writesOf(results, 'a backlog'),
    },
    steady: {
      perSecond: results.figure('horizon', 'steady load, before'),
      lagMs: results.figure('horizon', 'lag p50, before'),
      cpu: cpuOf(results, 'horizon', 'before'),
      writes: writesOf(results, STEADY),
    },
    slower: SLOWER.map((perSecond) => ({
      perSecond,
      cpu: cpuOf(results, 'footprint', `steady ${perSecond} runs/s`),
    })),
    sharing: WORKERS.map((workers) => sharedBy(results, workers)),
    runBytes: results.figure('footprint', 'a run in the history'),
    jobBytes: results.figure('footprint', 'a job'),
    commitsPerSecond: results.figure('footprint', 'commits'),
    wakingCommitsPerSecond: results.figure('footprint', 'commits with a NOTIFY'),
    bareWakesPerSecond: results.figure('footprint', 'commits of a NOTIFY alone'),
    workerBytes: 1e6 * results.figure('memory', 'resident, at most'),
    othersCores: results.figure('footprint', 'cores that other processes used'),
    read: requestOf(results, 'read a job'),
    create: requestOf(results, 'create a job'),
  };
}

function cpuOf(results: Results, benchmark: string, what: string): CpuPerRun {
  const cpu = results.cpu(benchmark, what);
  const of = (kind: string) => used(cpu, kind, what);
  return {
    scheduler: of('scheduler'),
    worker: of('worker'),
    postgres: of('postgres'),
    functions: of('functions'),
  };
}

function sharedBy(results: Results, workers: number): SharedBy {
  const what = `${workers} worker${workers === 1 ? '' : 's'}`;
  const perSecond = results.figure('growth', `${what}: functions answer at once`);
  return { workers, perSecond, postgres: used(results.cpu('growth', what), 'postgres', what) };
}

function requestOf(results: Results, what: string): Measured['read'] {
  const cpu = results.cpu('api', what);
  return { server: used(cpu, 'server', what), postgres: used(cpu, 'postgres', what) };
}

function used(cpu: Readonly<Record<string, number>>, kind: string, what: string): number {
  const value = cpu[kind];
  if (value === undefined) throw new Error(`the CPU time of "${what}" has no "${kind}"`);
  return value;
}

function writesOf(results: Results, load: string): WritesPerRun {
  return {
    walBytes: results.figure('footprint', `${load}: WAL of a run`),
    tasks: results.figure('footprint', `${load}: tasks of a run`),
    commits: results.figure('footprint', `${load}: commits of a run`),
    wakingCommits: results.figure('footprint', `${load}: commits of a run that wake a worker`),
  };
}
