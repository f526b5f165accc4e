import type { Benchmark, BenchOptions } from './benchmark.ts';
import type { CpuFigure, Figure } from './report.ts';
import { summarize } from './rounds.ts';
import { type Backlog, type Drain, System } from './system/system.ts';

/** One worker's 100 functions at a time are the limit: 1,000 runs/s of two requests each. */
const SLOW: Backlog = { runs: 10_000, delayMs: 50 };
/** The machine's cores are the limit. */
const INSTANT: Backlog = { runs: 30_000 };

/** Two workers against one, with functions that take their time and with such that answer at once. */
export const benchScaleOut: Benchmark = async (options) => {
  const drains = new Map<string, Drain[]>();
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const workers of [1, 2]) {
      const [slow, instant] = await measure(workers, options);
      options.progress(
        `scale-out round ${round}: ${workers} worker(s): ${Math.round(slow.perSecond)} and ${Math.round(instant.perSecond)} runs/s`,
      );
      append(drains, `functions of 50 ms, ${workers} worker(s)`, slow);
      append(drains, `functions that answer at once, ${workers} worker(s)`, instant);
    }
  }
  return {
    title: 'Scale-out: two workers against one',
    figures: [
      ...[...drains].map(([what, each]) => figure(what, 'runs/s', each.map(rate))),
      ratio(drains, 'functions of 50 ms', { atLeast: 1.8 }),
      ratio(drains, 'functions that answer at once'),
    ],
    cpu: [...drains].map(([what, each]): CpuFigure => ({ what, perRun: each.at(-1)?.cpuPerRun ?? {} })),
    notes: [
      'With functions that answer at once one worker, PostgreSQL and the functions fill two cores: there a second worker has nothing to run on.',
    ],
  };
};

async function measure(workers: number, { scale, profileTo }: BenchOptions): Promise<[Drain, Drain]> {
  const system = await System.start({ workers, profileTo });
  try {
    const drain = (backlog: Backlog) => system.drain({ ...backlog, runs: Math.round(backlog.runs * scale) });
    // Not counted: the code is compiled during it.
    await drain(INSTANT);
    return [await drain(SLOW), await drain(INSTANT)];
  } finally {
    await system.stop();
  }
}

function append(drains: Map<string, Drain[]>, name: string, drain: Drain): void {
  drains.set(name, [...(drains.get(name) ?? []), drain]);
}

function rate({ perSecond }: Drain): number {
  return perSecond;
}

function figure(what: string, unit: string, values: number[], goal?: Figure['goal']): Figure {
  return { what, unit, rounds: summarize(values), ...(goal && { goal }) };
}

function ratio(drains: ReadonlyMap<string, Drain[]>, functions: string, goal?: Figure['goal']): Figure {
  const rates = (workers: number) => (drains.get(`${functions}, ${workers} worker(s)`) ?? []).map(rate);
  const one = rates(1);
  const ratios = rates(2).map((two, round) => two / (one[round] ?? NaN));
  return figure(`  two workers ÷ one, ${functions}`, '×', ratios, goal);
}
