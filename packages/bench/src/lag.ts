import type { Benchmark, BenchOptions } from './benchmark.ts';
import { PEERS, type RunningPeer, startBareHttp } from './peers/peers.ts';
import type { Figure } from './report.ts';
import { percentile, summarize } from './rounds.ts';
import { soon, untilPerformed } from './system/backlog.ts';
import { fillJobs, removeJobs } from './system/fill-jobs.ts';
import { contextOf, System } from './system/system.ts';

const RUNS_PER_SECOND = 50;
const SECONDS = 10;
/** An engine that cannot keep up with the load works off what is left. */
const TAIL_MS = 60_000;
const OURS = 'automation-service';

/** Light load: from the instant at which a run is due until its function gets the check, beside the peers. */
export const benchLag: Benchmark = async (options) => {
  const system = await System.start({ profileTo: options.profileTo });
  try {
    const lags = new Map<string, number[][]>();
    const notes = new Set<string>();
    // A first round warms everything up.
    for (let round = 0; round <= options.rounds; round += 1) {
      for await (const { name, each } of measureAll(system, options, notes)) {
        const [p50, p99] = [percentile(each, 0.5), percentile(each, 0.99)];
        options.progress(`lag round ${round}: ${name}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
        if (round > 0) lags.set(name, [...(lags.get(name) ?? []), each]);
      }
    }
    return {
      title: `Lag at ${RUNS_PER_SECOND} runs/s: from due until the function gets the check`,
      figures: [...lags].flatMap(([name, each]) => figuresOf(name, each)),
      notes: [...notes],
    };
  } finally {
    await system.stop();
  }
};

async function* measureAll(system: System, options: BenchOptions, notes: Set<string>) {
  const bare = await startBareHttp(contextOf(system));
  yield { name: 'two HTTP calls per run, nothing else', each: await ofPeer(system, options, bare) };
  yield { name: OURS, each: await ours(system, options) };
  for (const { name, start } of PEERS) {
    const running = await start(contextOf(system));
    if (typeof running === 'string') notes.add(`${name}: skipped, ${running}`);
    else yield { name, each: await ofPeer(system, options, running) };
  }
}

/** Jobs of their own, each due once, one every 20 ms. */
async function ours({ postgres, functions }: System, { scale }: BenchOptions): Promise<number[]> {
  const runs = Math.round(RUNS_PER_SECOND * SECONDS * scale);
  await removeJobs(postgres.pool);
  const nextRun = soon(runs);
  const staggerMs = 1_000 / RUNS_PER_SECOND;
  await fillJobs(postgres.pool, {
    count: runs,
    schedule: '@every 24h',
    nextRun,
    staggerMs,
    functionUrl: functions.url,
  });
  await functions.take();
  await untilPerformed(functions, runs, nextRun.getTime() + runs * staggerMs - Date.now() + TAIL_MS);
  return (await functions.take()).lags;
}

/** Runs that are enqueued one after the other, each due at once. */
async function ofPeer(system: System, { scale }: BenchOptions, running: RunningPeer): Promise<number[]> {
  const seconds = SECONDS * scale;
  try {
    await running.peer.tell({ kind: 'work' });
    await system.functions.take();
    await running.peer.tell({ kind: 'trickle', perSecond: RUNS_PER_SECOND, seconds });
    await untilPerformed(system.functions, Math.floor(RUNS_PER_SECOND * seconds), TAIL_MS);
    return (await system.functions.take()).lags;
  } finally {
    await running.stop();
  }
}

function figuresOf(name: string, each: readonly number[][]): Figure[] {
  const figure = (share: number, label: string, goal: number): Figure => ({
    what: `${name}, ${label}`,
    unit: 'ms',
    rounds: summarize(each.map((lags) => percentile(lags, share))),
    ...(name === OURS && { goal: { atMost: goal } }),
  });
  return [figure(0.5, 'p50', 12), figure(0.99, 'p99', 30)];
}
