import type { BenchOptions } from '../benchmark.ts';
import type { Figure, Series } from '../report.ts';
import { percentile, summarize } from '../rounds.ts';
import { drainRounds, joined, type Samples, scaled, withSystem } from './drain-rounds.ts';
import type { JobTable } from './job-table.ts';
import { type Growth, growthOf, type Sample } from './sample.ts';

const JOBS = [1_000, 10_000, 100_000, 1_000_000];
const BACKLOG = 10_000;
const LOAD_PER_SECOND = 50;
const LOAD_SECONDS = 20;
const RATE = 'runs/s of a backlog';

/** What more jobs in the table cost, nearly all of them idle: throughput, and the lag of a light load. */
export async function growJobs(options: BenchOptions): Promise<Growth> {
  return withSystem(options, async (system) => {
    const measured: Samples[] = [];
    for (const jobs of JOBS.map((each) => scaled(each, options.scale))) {
      const active = Math.min(jobs, scaled(BACKLOG, options.scale));
      const amount = { x: jobs, what: label(jobs), name: RATE };
      const { table, ...drained } = await drainRounds(system, options, { ...amount, jobs, active });
      measured.push(drained, { samples: await lagRounds(table, jobs, options), cpu: [] });
    }
    const growth = growthOf('jobs', label, joined(measured));
    return { ...growth, figures: [...growth.figures, ...ratioOf(growth.series)] };
  });
}

async function lagRounds(table: JobTable, jobs: number, options: BenchOptions): Promise<Sample[]> {
  const { rounds, scale, progress } = options;
  const samples: Sample[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const lags = await table.trickle(scaled(LOAD_PER_SECOND * LOAD_SECONDS, scale), LOAD_PER_SECOND);
    const [p50, p99] = [percentile(lags, 0.5), percentile(lags, 0.99)];
    progress(
      `growth: ${label(jobs)}, round ${round}: lag p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
    );
    samples.push(
      { x: jobs, name: 'lag p50', unit: 'ms', value: p50 },
      { x: jobs, name: 'lag p99', unit: 'ms', value: p99 },
    );
  }
  return samples;
}

/** Of the tables that have a full backlog, the largest beside the smallest. */
function ratioOf(series: readonly Series[]): Figure[] {
  const points = series.find(({ name }) => name === RATE)?.points ?? [];
  const [, smallest] = points;
  const largest = points.at(-1);
  if (smallest === undefined || largest === undefined) return [];
  const ratio = largest.rounds.median / smallest.rounds.median;
  return [
    {
      what: `runs/s with ${label(largest.x)} ÷ with ${label(smallest.x)}`,
      unit: '×',
      rounds: summarize([ratio]),
      goal: { atLeast: 0.8 },
    },
  ];
}

function label(jobs: number): string {
  return `${jobs.toLocaleString('en-US')} jobs`;
}
