import type { BenchOptions } from '../benchmark.ts';
import { System } from '../system/system.ts';
import { JobTable, type JobTableOptions } from './job-table.ts';
import type { CpuSample, Sample } from './sample.ts';

export interface Samples {
  samples: Sample[];
  cpu: CpuSample[];
}

export interface Amount {
  /** Of what grows. */
  x: number;
  /** The same in words. */
  what: string;
  /** What the rate is called in the plot. */
  name?: string;
}

/** Until then the code is being compiled. */
const WARM_UP = 10_000;

/** A system of its own, warmed up, for as long as it is used. */
export async function withSystem<T>(
  { profileTo, scale, progress }: BenchOptions,
  use: (system: System) => Promise<T>,
): Promise<T> {
  const system = await System.start({ profileTo });
  try {
    progress('growth: warming up');
    const active = scaled(WARM_UP, scale);
    await (await JobTable.fill(system, { jobs: active, active })).drain();
    return await use(system);
  } finally {
    await system.stop();
  }
}

/** Fills a table and drains its backlog once for each round. */
export async function drainRounds(
  system: System,
  { rounds, progress }: BenchOptions,
  { x, what, name = 'runs/s', ...filled }: Amount & JobTableOptions,
): Promise<Samples & { table: JobTable }> {
  const table = await JobTable.fill(system, filled);
  const samples: Sample[] = [];
  const cpu: CpuSample[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const { perSecond, cpuPerRun } = await table.drain();
    progress(`growth: ${what}, round ${round}: ${Math.round(perSecond)} runs/s`);
    samples.push({ x, name, unit: 'runs/s', value: perSecond });
    cpu.push({ what, perRun: cpuPerRun });
  }
  return { table, samples, cpu };
}

export function joined(all: readonly Samples[]): Samples {
  return { samples: all.flatMap(({ samples }) => samples), cpu: all.flatMap(({ cpu }) => cpu) };
}

/** A share of a full amount, one at least. */
export function scaled(amount: number, scale: number): number {
  return Math.max(1, Math.round(amount * scale));
}
