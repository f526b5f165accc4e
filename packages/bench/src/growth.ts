import type { Benchmark } from './benchmark.ts';
import { growJobs } from './growth/by-jobs.ts';
import { growLatency } from './growth/by-latency.ts';
import { growPayload } from './growth/by-payload.ts';
import { growWorkers } from './growth/by-workers.ts';
import type { Growth } from './growth/sample.ts';

/** How throughput and lag change with the number of jobs and of workers, the payload's size and the functions' latency. */
export const benchGrowth: Benchmark = async (options) => {
  const growths: Growth[] = [];
  for (const grow of [growJobs, growWorkers, growPayload, growLatency]) growths.push(await grow(options));
  return {
    title: 'Growth: what more jobs, more workers, larger payloads and slower functions cost',
    figures: growths.flatMap(({ figures }) => figures),
    cpu: growths.flatMap(({ cpu }) => cpu),
    series: growths.flatMap(({ series }) => series),
    notes: [
      'With 1,000 jobs the backlog is 1,000 runs, over before the engine is at full speed; the others have 10,000.',
    ],
  };
};
