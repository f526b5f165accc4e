import { endLoad, measureWindow, startLoad } from '../horizon/load.ts';
import { soon, untilDrained } from '../system/backlog.ts';
import { fillJobs, removeJobs } from '../system/fill-jobs.ts';
import { perUnit, type System } from '../system/system.ts';
import type { ServerCounters, ServerCounts } from './server-counters.ts';

/** What a run of a load came to: of PostgreSQL's counts, and core-µs by the kind of process. */
export type PerRun = ServerCounts & { cpu: Record<string, number> };

const WARM_UP_SECONDS = 5;
const DRAIN_TIMEOUT_MS = 300_000;

/** Of a backlog of so many runs. */
export async function measureBacklog(
  system: System,
  counters: ServerCounters,
  runs: number,
): Promise<PerRun> {
  const { postgres, functions } = system;
  await removeJobs(postgres.pool);
  await functions.take();
  const due = soon(runs);
  const jobs = {
    count: runs,
    schedule: '@every 24h',
    nextRun: due,
    staggerMs: 0,
    functionUrl: functions.url,
  };
  await fillJobs(postgres.pool, jobs);
  return perRunOf(system, counters, async () => {
    await untilDrained(postgres.pool, functions, { runs, due, timeoutMs: DRAIN_TIMEOUT_MS });
    return runs;
  });
}

/** Of so many runs a second that fall due evenly, for so long. */
export async function measureSteady(
  system: System,
  counters: ServerCounters,
  perSecond: number,
  seconds: number,
): Promise<PerRun> {
  const load = await startLoad(system, perSecond);
  await measureWindow(load, WARM_UP_SECONDS);
  const perRun = await perRunOf(system, counters, async () => {
    const window = await measureWindow(load, seconds);
    return Math.round(window.perSecond * seconds);
  });
  await endLoad(load);
  return perRun;
}

/** @param work answers how many runs it has seen done */
async function perRunOf(
  system: System,
  counters: ServerCounters,
  work: () => Promise<number>,
): Promise<PerRun> {
  const before = { counts: await counters.read(), cpu: system.cpu() };
  const runs = await work();
  const after = { counts: await counters.read(), cpu: system.cpu() };
  const of = (count: keyof ServerCounts) => (after.counts[count] - before.counts[count]) / runs;
  return {
    walBytes: of('walBytes'),
    commits: of('commits'),
    walSyncs: of('walSyncs'),
    tasks: of('tasks'),
    wakingCommits: of('wakingCommits'),
    cpu: perUnit(before.cpu, after.cpu, runs),
  };
}
