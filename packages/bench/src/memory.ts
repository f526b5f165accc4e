import type { Benchmark } from './benchmark.ts';
import type { Figure } from './report.ts';
import { percentile, summarize } from './rounds.ts';
import { residentBytes } from './system/cpu-meter.ts';
import { System } from './system/system.ts';

/** An hour is `--scale 12`. */
const DURATION_MS = 300_000;
const RUNS_PER_BACKLOG = 30_000;
const SAMPLE_INTERVAL_MS = 1_000;
const MB = 1_000_000;

/** A worker's memory at full load, with jobs that are never the same. */
export const benchMemory: Benchmark = async ({ scale, profileTo, progress }) => {
  const system = await System.start({ profileTo });
  const [pid = NaN] = system.service.pidsOf('worker');
  const samples: number[] = [];
  const sampler = setInterval(() => samples.push(residentBytes(pid) / MB), SAMPLE_INTERVAL_MS);
  try {
    const endsAt = Date.now() + DURATION_MS * scale;
    let runs = 0;
    while (Date.now() < endsAt) {
      const { perSecond } = await system.drain({ runs: RUNS_PER_BACKLOG });
      runs += RUNS_PER_BACKLOG;
      const left = Math.max(0, Math.round((endsAt - Date.now()) / 1_000));
      progress(
        `memory: ${Math.round(perSecond)} runs/s, ${Math.round(samples.at(-1) ?? NaN)} MB, ${left} s left`,
      );
    }
    return {
      title: `A worker's memory at full load over ${Math.round((DURATION_MS * scale) / 60_000)} min and ${runs.toLocaleString('en-US')} jobs`,
      figures: figuresOf(samples),
    };
  } finally {
    clearInterval(sampler);
    await system.stop();
  }
};

function figuresOf(samples: readonly number[]): Figure[] {
  const quarter = Math.floor(samples.length / 4);
  // The first one fills the heap.
  const early = percentile(samples.slice(quarter, 2 * quarter), 0.5);
  const late = percentile(samples.slice(-quarter), 0.5);
  return [
    {
      what: 'resident, at most',
      unit: 'MB',
      rounds: summarize([percentile(samples, 1)]),
      goal: { atMost: 150 },
    },
    { what: 'resident, median', unit: 'MB', rounds: summarize([percentile(samples, 0.5)]) },
    {
      what: 'last quarter ÷ second quarter',
      unit: '×',
      rounds: summarize([late / early]),
      goal: { atMost: 1.1 },
    },
  ];
}
