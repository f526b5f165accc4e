import type { Report } from './report.ts';

/** How much a benchmark does. */
export interface BenchOptions {
  /** Measurements of each figure; the median counts. */
  rounds: number;
  /** Multiple of the usual amounts of work: a small one proves that the benchmark works, and measures little. */
  scale: number;
  /** Where the service's processes write CPU profiles when they end. */
  profileTo?: string | undefined;
  /** Says what is being done. */
  progress: (line: string) => void;
}

export type Benchmark = (options: BenchOptions) => Report | Promise<Report>;
