import { OtherProcesses } from './api/other-processes.ts';
import type { Benchmark, BenchOptions } from './benchmark.ts';
import { measureCommitRate, type TRANSACTIONS } from './footprint/commit-rate.ts';
import { type ServerCounts, ServerCounters } from './footprint/server-counters.ts';
import { measureBacklog, measureSteady, type PerRun } from './footprint/per-run.ts';
import { readStoredBytes } from './footprint/stored-bytes.ts';
import type { CpuFigure, Figure } from './report.ts';
import { summarize } from './rounds.ts';
import { fillIdleJobs } from './system/fill-idle-jobs.ts';
import { removeJobs } from './system/fill-jobs.ts';
import { System } from './system/system.ts';

const RUNS = 30_000;
const IDLE_JOBS = 100_000;
const STEADY_PER_SECOND = [100, 500];
const SECONDS = 30;
const LEAST_SECONDS = 3;
const COMMIT_SECONDS = 3;
/** Of how many sessions commits are measured. */
const SESSIONS = 16;

/** What a run leaves behind in PostgreSQL: WAL, commits, bytes on disk. infra/SCALING.md is derived from it. */
export const benchFootprint: Benchmark = async (options) => {
  const system = await System.start({ profileTo: options.profileTo });
  const counters = await ServerCounters.start(system.postgres.url, system.postgres.pool);
  const others = new OtherProcesses();
  try {
    const rounds: Round[] = [];
    // A first round warms everything up.
    for (let round = 0; round <= options.rounds; round += 1) {
      const measure = () => measureRound(system, counters, options);
      const measured = await others.watch(() => ({ ...system.cpu(), bench: ownCpu() }), measure);
      options.progress(`footprint round ${round}: ${JSON.stringify(measured)}`);
      if (round > 0) rounds.push(measured);
    }
    return {
      title: 'Footprint: what a run leaves behind in PostgreSQL',
      figures: [
        ...figuresOf(rounds),
        { what: 'cores that other processes used', unit: '', rounds: summarize([others.cores]) },
      ],
      cpu: cpuOf(rounds),
      notes: [
        'Steady: jobs that fall due evenly. Fewer runs share a transaction then, so each leaves more behind.',
        `Commits: of one row each, by ${SESSIONS} sessions that wait for their own.`,
      ],
    };
  } finally {
    await counters.stop();
    await system.stop();
  }
};

interface Round {
  /** What a run came to, by the load that it was part of. */
  loads: Record<string, PerRun>;
  runBytes: number;
  jobBytes: number;
  /** A second, by what they do. */
  commits: Record<keyof typeof TRANSACTIONS, number>;
}

async function measureRound(system: System, counters: ServerCounters, options: BenchOptions): Promise<Round> {
  const { pool, url } = system.postgres;
  const jobs = Math.round(IDLE_JOBS * options.scale);
  await removeJobs(pool);
  await fillIdleJobs(pool, { count: jobs, functionUrl: system.functions.url, progress: () => undefined });
  const jobBytes = (await readStoredBytes(pool)).jobs / jobs;

  const runs = Math.round(RUNS * options.scale);
  const loads: Round['loads'] = { 'a backlog': await measureBacklog(system, counters, runs) };
  const runBytes = (await readStoredBytes(pool)).history / runs;
  for (const perSecond of STEADY_PER_SECOND) {
    const seconds = Math.max(SECONDS * options.scale, LEAST_SECONDS);
    loads[`steady ${perSecond} runs/s`] = await measureSteady(system, counters, perSecond, seconds);
  }
  await removeJobs(pool);

  const commitLoad = { url, sessions: SESSIONS, seconds: COMMIT_SECONDS };
  const commits = {
    writing: await measureCommitRate({ ...commitLoad, transaction: 'writing' }),
    writingAndWaking: await measureCommitRate({ ...commitLoad, transaction: 'writingAndWaking' }),
    waking: await measureCommitRate({ ...commitLoad, transaction: 'waking' }),
  };
  return { loads, runBytes, jobBytes, commits };
}

/** In core-µs, of this process. */
function ownCpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function figuresOf(rounds: readonly Round[]): Figure[] {
  const figure = (what: string, unit: string, value: (round: Round) => number): Figure => ({
    what,
    unit,
    rounds: summarize(rounds.map(value)),
  });
  const ofLoad = (name: string): Figure[] => {
    const count = (key: keyof ServerCounts) => (round: Round) => round.loads[name]?.[key] ?? NaN;
    return [
      figure(`${name}: WAL of a run`, 'bytes', count('walBytes')),
      figure(`${name}: commits of a run`, '', count('commits')),
      figure(`${name}: commits of a run that wake a worker`, '', count('wakingCommits')),
      figure(`${name}: fsyncs of WAL of a run`, '', count('walSyncs')),
      figure(`${name}: tasks of a run`, '', count('tasks')),
    ];
  };
  return [
    ...loadNames(rounds).flatMap(ofLoad),
    figure('a run in the history', 'bytes', ({ runBytes }) => runBytes),
    figure('a job', 'bytes', ({ jobBytes }) => jobBytes),
    figure('commits', '/s', ({ commits }) => commits.writing),
    figure('commits with a NOTIFY', '/s', ({ commits }) => commits.writingAndWaking),
    figure('commits of a NOTIFY alone', '/s', ({ commits }) => commits.waking),
  ];
}

function cpuOf(rounds: readonly Round[]): CpuFigure[] {
  return loadNames(rounds).map((what) => {
    const each = rounds.map(({ loads }) => loads[what]?.cpu ?? {});
    const kinds = [...new Set(each.flatMap((cpu) => Object.keys(cpu)))];
    const median = (kind: string) => summarize(each.map((cpu) => cpu[kind] ?? 0)).median;
    return { what, perRun: Object.fromEntries(kinds.map((kind) => [kind, median(kind)])) };
  });
}

function loadNames([round]: readonly Round[]): string[] {
  return Object.keys(round?.loads ?? {});
}
