import { openStore } from '@automation/store';

import type { Benchmark, BenchOptions } from './benchmark.ts';
import { type DroppedDay, dropDays } from './history/drop-day.ts';
import { type FilledHistory, fillHistory } from './history/fill-history.ts';
import { anyJobs, type Listing, listFromApi, listFromStore } from './history/list-executions.ts';
import { measurePace, type Pace } from './history/run-beside.ts';
import type { Figure, Report } from './report.ts';
import { summarize } from './rounds.ts';
import { fillIdleJobs } from './system/fill-idle-jobs.ts';
import { removeJobs } from './system/fill-jobs.ts';
import { System } from './system/system.ts';

const EXECUTIONS = 10_000_000;
const JOBS = 1_000_000;
const DAYS = 10;
const BACKLOG = 30_000;
const LEAST_BACKLOG = 3_000;
const TRICKLE = { perSecond: 50, seconds: 10 };
const LISTING_CALLS = 2_000;
const LEAST_LISTING_CALLS = 200;
const LISTING_SECONDS = 10;
const LEAST_LISTING_SECONDS = 2;
/** The others are there for comparison. */
const WAYS_WITH_GOAL = 2;
const GOALS = {
  listingMs: { atMost: 10 },
  dropMs: { atMost: 1_000 },
  worstLagMs: { atMost: 250 },
  pace: { atLeast: 0.8 },
  lag: { atMost: 1.2 },
};

/** What a long history and many jobs cost: listing executions, dropping a day, and everything that runs beside them. */
export const benchHistory: Benchmark = async (options) => {
  const running = new AsyncDisposableStack();
  try {
    return await measureAll(running, options);
  } finally {
    await running.disposeAsync();
  }
};

async function measureAll(running: AsyncDisposableStack, options: BenchOptions): Promise<Report> {
  const system = running.adopt(await System.start({ api: true, profileTo: options.profileTo }), (each) =>
    each.stop(),
  );
  const { url, pool } = system.postgres;
  const store = openStore({ url, poolSize: 1, applicationName: 'bench', onConnectionError: () => undefined });
  running.defer(() => store.close());
  const { rounds, scale, progress } = options;
  const jobs = Math.round(JOBS * scale);
  const executions = Math.round(EXECUTIONS * scale);

  // The first one warms everything up.
  await measureRounds('warm-up', system, { ...options, rounds: 1 });
  const withoutBefore = await measureRounds('without history', system, options);
  // Some runs stay, for one of them to be copied.
  await pool.query('TRUNCATE automation_jobs, automation_timetables');
  await fillIdleJobs(pool, { count: jobs, functionUrl: system.functions.url, progress });
  const history = await fillHistory(url, store.db, { executions, days: DAYS, progress });
  await pool.query('CHECKPOINT');
  const withHistory = await measureRounds('with history', system, options);

  const listings = await measureListings(system, store.db, history, options);
  const dropped = await dropDays(system, store.db, rounds);
  progress(`history: dropped ${JSON.stringify(dropped)}`);
  await removeJobs(pool);
  const withoutAfter = await measureRounds('without it again', system, options);
  return {
    title: `History: ${shown(executions)} executions of the last ${DAYS} days, and ${shown(jobs)} idle jobs`,
    figures: [
      ...listingFigures(listings),
      ...dropFigures(dropped),
      ...paceFigures([...withoutBefore, ...withoutAfter], withHistory),
    ],
    notes: ['Without history: measured before it is filled, and again when it is gone.'],
  };
}

/** Without history each round starts with empty tables. */
async function measureRounds(
  what: string,
  system: System,
  { rounds, scale, progress }: BenchOptions,
): Promise<Pace[]> {
  const runs = { backlog: Math.max(Math.round(BACKLOG * scale), LEAST_BACKLOG), trickle: TRICKLE };
  const paces: Pace[] = [];
  while (paces.length < rounds) {
    if (what !== 'with history') await removeJobs(system.postgres.pool);
    const pace = await measurePace(system, runs);
    progress(`history, ${what}, round ${paces.length + 1}: ${JSON.stringify(pace)}`);
    paces.push(pace);
  }
  return paces;
}

async function measureListings(
  { service, postgres }: System,
  db: Parameters<typeof listFromStore>[0],
  { longHistories, executionsOfEach }: FilledHistory,
  { rounds, scale, progress }: BenchOptions,
): Promise<Map<string, Listing[]>> {
  const calls = Math.max(LISTING_CALLS * scale, LEAST_LISTING_CALLS);
  const seconds = Math.max(LISTING_SECONDS * scale, LEAST_LISTING_SECONDS);
  const others = await anyJobs(postgres.pool, calls);
  const long = `last 100 executions of a job that has ${shown(executionsOfEach)}`;
  const ways: Record<string, () => Promise<Listing>> = {
    [`${long}, from the store`]: () => listFromStore(db, longHistories, calls),
    [`${long}, through the api`]: () => listFromApi(service, longHistories, seconds),
    'all executions of a job that has about ten, from the store': () => listFromStore(db, others, calls),
    [`${long}, none of them failed, by that status`]: () =>
      listFromStore(db, longHistories, calls / 10, { status: 'failed' }),
  };
  const listings = new Map<string, Listing[]>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const [way, measure] of Object.entries(ways)) {
      const listing = await measure();
      progress(`history, listing ${way}, round ${round}: ${JSON.stringify(listing)}`);
      listings.set(way, [...(listings.get(way) ?? []), listing]);
    }
  }
  return listings;
}

function listingFigures(listings: ReadonlyMap<string, Listing[]>): Figure[] {
  return [...listings].flatMap(([way, each], index): Figure[] => [
    {
      what: `${way}, p50`,
      unit: 'ms',
      rounds: summarize(each.map(({ median }) => median)),
      ...(index < WAYS_WITH_GOAL && { goal: GOALS.listingMs }),
    },
    { what: '  p99', unit: 'ms', rounds: summarize(each.map(({ p99 }) => p99)) },
  ]);
}

function dropFigures(dropped: readonly DroppedDay[]): Figure[] {
  const figure = (what: string, value: (day: DroppedDay) => number) => ({
    what,
    unit: 'ms',
    rounds: summarize(dropped.map(value)),
  });
  return [
    {
      ...figure(`dropping a day of ${shown(dropped[0]?.rows ?? 0)} executions`, ({ dropMs }) => dropMs),
      goal: GOALS.dropMs,
    },
    figure('  worst lag at 500 runs/s, before it', ({ worstLagMs }) => worstLagMs.before),
    { ...figure('  while it is dropped', ({ worstLagMs }) => worstLagMs.during), goal: GOALS.worstLagMs },
  ];
}

function paceFigures(without: readonly Pace[], withHistory: readonly Pace[]): Figure[] {
  const compare = (
    what: string,
    unit: string,
    value: (pace: Pace) => number,
    goal: Figure['goal'],
  ): Figure[] => {
    const base = summarize(without.map(value));
    return [
      { what: `${what}, without history`, unit, rounds: base },
      { what: `${what}, with it`, unit, rounds: summarize(withHistory.map(value)) },
      {
        what: '  with it ÷ without',
        unit: '×',
        rounds: summarize(withHistory.map((pace) => value(pace) / base.median)),
        ...(goal && { goal }),
      },
    ];
  };
  return [
    ...compare('a backlog', 'runs/s', ({ runsPerSecond }) => runsPerSecond, GOALS.pace),
    ...compare(`lag p50 at ${TRICKLE.perSecond} runs/s`, 'ms', ({ lagMs }) => lagMs.median, GOALS.lag),
    ...compare(`lag p99 at ${TRICKLE.perSecond} runs/s`, 'ms', ({ lagMs }) => lagMs.p99, undefined),
  ];
}

function shown(count: number): string {
  return count.toLocaleString('en-US');
}
