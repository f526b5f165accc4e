import { Client, type Pool } from 'pg';

import type { Benchmark, BenchOptions } from './benchmark.ts';
import { type BloatedTable, readHotTables } from './horizon/hot-tables.ts';
import { type Load, measureBurst, measureWindow, startLoad, type Window } from './horizon/load.ts';
import type { Figure } from './report.ts';
import { summarize } from './rounds.ts';
import { System } from './system/system.ts';

const HOLD_SECONDS = 600;
const LEAST_HOLD_SECONDS = 20;
/** Autovacuum comes by once a minute. */
const RECOVERY_SECONDS = 120;
const LEAST_RECOVERY_SECONDS = 70;
const WINDOW_SECONDS = 10;
/** Windows that tell how fast it is before, at the end of the hold, and after it. */
const COUNTED_WINDOWS = 6;
const CAPACITY_RUNS = 30_000;
const LEAST_CAPACITY_RUNS = 3_000;
/** Runs that are due one after the other cost about twice as much as those of a backlog: this is most of both cores. */
const SHARE_OF_CAPACITY = 0.45;
const GOALS = { held: { atLeast: 2 / 3 }, released: { atLeast: 0.9 } };

/** Steady load while a transaction that somebody has forgotten keeps vacuum from removing anything. */
export const benchHorizon: Benchmark = async (options) => {
  const system = await System.start({ profileTo: options.profileTo });
  try {
    const load = await startSteadyLoad(system, options);
    const before = await measureStage(load, { ...options, stage: 'before', windows: COUNTED_WINDOWS });
    const held = await whileHolding(system.postgres.url, () =>
      measureStage(load, { ...options, stage: 'held', windows: windowsIn(holdSeconds(options)) }),
    );
    const released = await measureStage(load, {
      ...options,
      stage: 'released',
      windows: windowsIn(Math.max(RECOVERY_SECONDS * options.scale, LEAST_RECOVERY_SECONDS)),
    });
    return {
      title: `Vacuum held back for ${holdSeconds(options)} s by a transaction that is left open, at ${Math.round(load.perSecond)} runs/s`,
      figures: [
        ...figuresOf('steady load', { before, held, released }, ({ windows }) =>
          windows.slice(-COUNTED_WINDOWS).map(({ perSecond }) => perSecond),
        ),
        ...figuresOf('a burst on top of it', { before, held, released }, ({ burst }) => [burst]),
        ...lagFigures({ before, held, released }),
      ],
      cpu: Object.entries({ before, held, released }).map(([what, { windows }]) => ({
        what: WHEN[what] ?? what,
        perRun: windows.at(-1)?.cpuPerRun ?? {},
      })),
      notes: [
        'Steady load: jobs @every 10s. A burst shows what more could be done: runs/s while a backlog is left.',
        ...sizeNotes('at the end of the hold', held.tables),
        ...sizeNotes('after the release', released.tables),
        await ledgerNote(system.postgres.pool),
      ],
    };
  } finally {
    await system.stop();
  }
};

interface Stage {
  windows: Window[];
  /** Runs a second. */
  burst: number;
  tables: BloatedTable[];
}

interface Stages {
  before: Stage;
  held: Stage;
  released: Stage;
}

const WHEN: Record<string, string> = {
  before: 'before',
  held: 'at the end of the hold',
  released: 'after the release',
};

/** At a share of what it can do, which is measured first. */
async function startSteadyLoad(system: System, { scale, progress }: BenchOptions): Promise<Load> {
  const runs = Math.max(Math.round(CAPACITY_RUNS * scale), LEAST_CAPACITY_RUNS);
  // The first one warms everything up.
  await system.drain({ runs });
  const { perSecond: capacity } = await system.drain({ runs });
  const perSecond = capacity * SHARE_OF_CAPACITY;
  progress(`horizon: ${Math.round(capacity)} runs/s are possible, ${Math.round(perSecond)} are to be done`);
  const load = await startLoad(system, perSecond);
  await measureWindow(load, WINDOW_SECONDS);
  return load;
}

async function measureStage(
  load: Load,
  { stage, windows: count, progress }: BenchOptions & { stage: string; windows: number },
): Promise<Stage> {
  const windows: Window[] = [];
  while (windows.length < count) {
    const window = await measureWindow(load, WINDOW_SECONDS);
    windows.push(window);
    progress(`horizon, ${stage}, window ${windows.length} of ${count}: ${JSON.stringify(window)}`);
  }
  const burst = await measureBurst(load);
  progress(`horizon, ${stage}: a burst is worked off at ${Math.round(burst)} runs/s`);
  return { windows, burst, tables: await readHotTables(load.system.postgres.pool) };
}

/** Keeps a snapshot of the database's state of now until `work` is done. */
async function whileHolding<T>(url: string, work: () => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'bench-idle-in-transaction' });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await client.query('SELECT 1 FROM accounts');
    return await work();
  } finally {
    await client.end();
  }
}

function holdSeconds({ scale }: BenchOptions): number {
  return Math.max(HOLD_SECONDS * scale, LEAST_HOLD_SECONDS);
}

function windowsIn(seconds: number): number {
  return Math.max(1, Math.round(seconds / WINDOW_SECONDS));
}

function figuresOf(what: string, stages: Stages, rates: (stage: Stage) => number[]): Figure[] {
  const before = summarize(rates(stages.before)).median;
  const rateOf = (stage: keyof Stages): Figure => ({
    what: `${what}, ${WHEN[stage]}`,
    unit: 'runs/s',
    rounds: summarize(rates(stages[stage])),
  });
  const shareOf = (stage: 'held' | 'released'): Figure => ({
    what: '  ÷ before',
    unit: '×',
    rounds: summarize(rates(stages[stage]).map((rate) => rate / before)),
    goal: GOALS[stage],
  });
  return [rateOf('before'), rateOf('held'), shareOf('held'), rateOf('released'), shareOf('released')];
}

function lagFigures(stages: Stages): Figure[] {
  return Object.entries(stages).map(([stage, { windows }]: [string, Stage]) => ({
    what: `lag p50, ${WHEN[stage]}`,
    unit: 'ms',
    rounds: summarize(windows.slice(-COUNTED_WINDOWS).map(({ lagMs }) => lagMs.median)),
  }));
}

function sizeNotes(when: string, tables: readonly BloatedTable[]): string[] {
  return tables.map(
    ({ name, live, dead, tableMb, indexesMb }) =>
      `${when}: ${name}: ${dead} dead rows beside ${live}, ${tableMb} MB and ${indexesMb} MB of indexes`,
  );
}

async function ledgerNote(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ status: string; count: number }>(
    'SELECT status, count(*)::int AS count FROM automation_executions GROUP BY 1 ORDER BY 2 DESC',
  );
  return `In the ledger: ${rows.map(({ status, count }) => `${count} ${status}`).join(', ')}.`;
}
