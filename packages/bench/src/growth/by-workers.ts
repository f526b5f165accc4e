import type { BenchOptions } from '../benchmark.ts';
import type { System } from '../system/system.ts';
import { type Amount, drainRounds, joined, type Samples, scaled, withSystem } from './drain-rounds.ts';
import { JobTable, type JobTableOptions } from './job-table.ts';
import { type Growth, growthOf } from './sample.ts';

const WORKERS = [1, 2, 4, 8];
const BACKLOG = 10_000;
const SLOW_MS = 100;
/** A worker gets through 500 a second of those that answer in 100 ms. */
const SLOW_BACKLOG_PER_WORKER = 2_500;

/** What more workers bring, with functions that answer at once and with slow ones. */
export async function growWorkers(options: BenchOptions): Promise<Growth> {
  return withSystem(options, async (system) => {
    const measured: Samples[] = [];
    for (const workers of WORKERS) {
      await startWorkers(system, workers);
      await warmUp(system, scaled(BACKLOG, options.scale));
      for (const backlog of backlogsOf(workers, options.scale))
        measured.push(await drainRounds(system, options, backlog));
    }
    return growthOf('workers', label, joined(measured));
  });
}

/** Until there are so many. */
async function startWorkers({ service }: System, workers: number): Promise<void> {
  while (service.pidsOf('worker').length < workers) await service.startApp('worker');
}

/** Those that were just started compile their code. */
async function warmUp(system: System, jobs: number): Promise<void> {
  await (await JobTable.fill(system, { jobs, active: jobs })).drain();
}

function backlogsOf(workers: number, scale: number): (Amount & JobTableOptions)[] {
  const fast = scaled(BACKLOG, scale);
  const slow = scaled(Math.min(BACKLOG, SLOW_BACKLOG_PER_WORKER * workers), scale);
  const what = label(workers);
  return [
    { x: workers, what, name: 'functions answer at once', jobs: fast, active: fast },
    {
      x: workers,
      what: `${what}, functions of ${SLOW_MS} ms`,
      name: `functions answer in ${SLOW_MS} ms`,
      jobs: slow,
      active: slow,
      delayMs: SLOW_MS,
    },
  ];
}

function label(workers: number): string {
  return workers === 1 ? '1 worker' : `${workers} workers`;
}
