import type { BenchOptions } from '../benchmark.ts';
import type { Series } from '../report.ts';
import { summarize } from '../rounds.ts';
import { drainRounds, joined, type Samples, scaled, withSystem } from './drain-rounds.ts';
import { type Growth, growthOf } from './sample.ts';

const LATENCIES_MS = [0, 10, 100, 1_000];
const BACKLOG = 10_000;
const SECONDS = 10;
/** WORKER_CONCURRENCY's default. */
const CONCURRENCY = 100;
const CALLS_PER_RUN = 2;

/** What slow functions cost one worker, which waits for so many of them at a time and no more. */
export async function growLatency(options: BenchOptions): Promise<Growth> {
  return withSystem(options, async (system) => {
    const measured: Samples[] = [];
    for (const delayMs of LATENCIES_MS) {
      const jobs = scaled(Math.min(BACKLOG, boundOf(delayMs) * SECONDS), options.scale);
      const amount = { x: delayMs, what: label(delayMs), jobs, active: jobs, delayMs };
      measured.push(await drainRounds(system, options, amount));
    }
    const growth = growthOf('latency', label, joined(measured));
    return { ...growth, series: [...growth.series, bound()] };
  });
}

/** Runs a second that such a function allows, whatever the machine can do. */
function boundOf(latencyMs: number): number {
  return CONCURRENCY / ((CALLS_PER_RUN * latencyMs) / 1_000);
}

function bound(): Series {
  return {
    plot: 'latency',
    name: `bound: ${CONCURRENCY} at a time ÷ (${CALLS_PER_RUN} × latency)`,
    unit: 'runs/s',
    isComputed: true,
    points: LATENCIES_MS.filter((latencyMs) => latencyMs > 0).map((latencyMs) => ({
      x: latencyMs,
      rounds: summarize([boundOf(latencyMs)]),
    })),
  };
}

function label(latencyMs: number): string {
  return latencyMs === 0 ? 'functions that answer at once' : `functions that answer in ${latencyMs} ms`;
}
