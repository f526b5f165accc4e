import { setTimeout as delay } from 'node:timers/promises';

import {
  countUntimely,
  type Database,
  jobsWaitingForNobody,
  lockDueJobs,
  findNextDue,
  openStore,
  scanCounts,
  scanOpen,
  type Store,
} from '@automation/store';
import { Pool } from 'pg';

import type { Benchmark, BenchOptions } from './benchmark.ts';
import { createPeerDatabase } from './peers/peer-database.ts';
import type { Figure, Report } from './report.ts';
import { percentile, summarize } from './rounds.ts';
import { cpuOfFamily, cpuOfProcess } from './system/cpu-meter.ts';
import { fillIdleJobs } from './system/fill-idle-jobs.ts';
import { BenchPostgres } from './system/postgres.ts';
import { Service } from './system/service.ts';

const FEW_JOBS = 1_000;
const MANY_JOBS = 1_000_000;
/** Several rounds of the ledger's scan, one of autovacuum, and enough ticks of Linux's CPU clock. */
const IDLE_SECONDS = 30;
const LEAST_IDLE_SECONDS = 20;
/** After which the scheduler's code is loaded and its first scan over. */
const SETTLE_MS = 5_000;
/** As the scheduler has them. */
const BATCH_SIZE = 500;
const CLAIM_TIMEOUT_MS = 2_000;
const LEAST_CALLS = 200;
const GOAL = { atMost: 1.2 };

/** What a tick costs that finds nothing due, with a thousand jobs and with a million. */
export const benchIdleMillion: Benchmark = async (options) => {
  const running = new AsyncDisposableStack();
  try {
    return await measureAll(running, options);
  } finally {
    await running.disposeAsync();
  }
};

async function measureAll(
  running: AsyncDisposableStack,
  { rounds, scale, profileTo, progress }: BenchOptions,
): Promise<Report> {
  const postgres = running.adopt(await BenchPostgres.start(), (each) => each.stop());
  const few = await JobTable.create(postgres, { name: 'few_jobs', jobs: FEW_JOBS, progress });
  running.defer(() => few.close());
  const jobs = Math.round(MANY_JOBS * scale);
  const many = await JobTable.create(postgres, { name: 'many_jobs', jobs, progress });
  running.defer(() => many.close());

  const seconds = Math.max(IDLE_SECONDS * scale, LEAST_IDLE_SECONDS);
  const measured: Measured[] = [];
  // What runs first is compiled meanwhile, so it doesn't count.
  await timeStatements(few, many, scale);
  for (let round = 1; round <= rounds; round += 1) {
    const statements = await timeStatements(few, many, scale);
    const idle = [await measureIdle(few, seconds, profileTo), await measureIdle(many, seconds, profileTo)];
    progress(`idle-million round ${round}: ${JSON.stringify({ statements, idle })}`);
    measured.push({ statements, idle });
  }
  return {
    title: `Idle: what ticks cost with ${few.label} and with ${many.label}, none of them due`,
    figures: [...figuresOfStatements(measured, few, many), ...figuresOfIdle(measured, few, many)],
    notes: [`Idle: one scheduler process with its defaults, over ${seconds} s.`],
  };
}

interface Measured {
  /** Median ms by statement, of each of the two tables. */
  statements: Record<string, number[]>;
  /** Of each of the two tables. */
  idle: Idle[];
}

/** Core-ms a second. */
interface Idle {
  scheduler: number;
  postgres: number;
}

interface JobTableOptions {
  name: string;
  jobs: number;
  progress: (line: string) => void;
}

/** A database of its own, so that two of them are measured in turn on one server. */
class JobTable {
  readonly label: string;
  readonly url: string;
  readonly store: Store;
  readonly postgres: BenchPostgres;
  /** How far the ledger's scan has come. */
  scannedTo: string | null = null;

  private constructor(postgres: BenchPostgres, url: string, jobs: number) {
    this.label = `${jobs.toLocaleString('en-US')} jobs`;
    this.postgres = postgres;
    this.url = url;
    const applicationName = 'bench';
    this.store = openStore({ url, poolSize: 1, applicationName, onConnectionError: () => undefined });
  }

  /** Filled, and looked after as autovacuum would have done by then. */
  static async create(postgres: BenchPostgres, { name, jobs, progress }: JobTableOptions): Promise<JobTable> {
    const url = await createPeerDatabase(postgres.url, name);
    const migration = await Service.start({ databaseUrl: url, schedulers: 0, workers: 0 });
    await migration.stop();
    const pool = new Pool({ connectionString: url, max: 1 });
    try {
      await fillIdleJobs(pool, { count: jobs, functionUrl: 'http://127.0.0.1:9/', progress });
      await pool.query('CHECKPOINT');
    } finally {
      await pool.end();
    }
    return new JobTable(postgres, url, jobs);
  }

  close(): Promise<void> {
    return this.store.close();
  }
}

interface Statement {
  what: string;
  run: (table: JobTable) => Promise<unknown>;
  calls: number;
}

const STATEMENTS: readonly Statement[] = [
  {
    what: 'a claim that finds nothing due',
    run: ({ store }) =>
      store.db
        .transaction()
        .execute((trx) => lockDueJobs(trx, { limit: BATCH_SIZE, from: null, timeoutMs: CLAIM_TIMEOUT_MS })),
    calls: 2_000,
  },
  {
    what: 'how long until the next job is due',
    run: ({ store }) => findNextDue(store.db, null),
    calls: 2_000,
  },
  { what: 'what a round of the ledger scan reads', run: scanRound, calls: 200 },
];

/** The statements of a round that finds nothing wrong; the next one goes on where it ends. */
async function scanRound(table: JobTable): Promise<void> {
  const db: Database = table.store.db;
  await countUntimely(db, BATCH_SIZE);
  await scanOpen(db, null, BATCH_SIZE);
  await jobsWaitingForNobody(db, BATCH_SIZE);
  const { last } = await scanCounts(db, table.scannedTo, BATCH_SIZE);
  table.scannedTo = last;
}

/** Call by call in turn, so that what else the machine does slows both alike. */
async function timeStatements(
  few: JobTable,
  many: JobTable,
  scale: number,
): Promise<Record<string, number[]>> {
  const medians: Record<string, number[]> = {};
  for (const { what, run, calls } of STATEMENTS) {
    const times: [JobTable, number[]][] = [
      [few, []],
      [many, []],
    ];
    for (let call = 0; call < Math.max(calls * scale, LEAST_CALLS); call += 1) {
      for (const [table, each] of call % 2 === 0 ? times : times.toReversed()) {
        const start = performance.now();
        await run(table);
        each.push(performance.now() - start);
      }
    }
    medians[what] = times.map(([, each]) => percentile(each, 0.5));
  }
  return medians;
}

/** What a scheduler and PostgreSQL use while nothing is due. */
async function measureIdle(
  { url, postgres }: JobTable,
  seconds: number,
  profileTo: string | undefined,
): Promise<Idle> {
  const service = await Service.start({ databaseUrl: url, workers: 0, profileTo });
  try {
    const [pid = 0] = service.pidsOf('scheduler');
    const used = () => ({ scheduler: cpuOfProcess(pid), postgres: cpuOfFamily(postgres.pid) });
    await delay(SETTLE_MS);
    const before = used();
    await delay(seconds * 1_000);
    const after = used();
    const perSecond = (kind: keyof Idle) => (after[kind] - before[kind]) / 1_000 / seconds;
    return { scheduler: perSecond('scheduler'), postgres: perSecond('postgres') };
  } finally {
    await service.stop();
  }
}

function figuresOfStatements(measured: readonly Measured[], few: JobTable, many: JobTable): Figure[] {
  return STATEMENTS.flatMap(({ what }) => {
    const of = (table: number) => measured.map(({ statements }) => statements[what]?.[table] ?? NaN);
    return compared({ what, unit: 'ms', few: of(0), many: of(1), labels: [few.label, many.label] });
  });
}

function figuresOfIdle(measured: readonly Measured[], few: JobTable, many: JobTable): Figure[] {
  const labels = [few.label, many.label];
  const compare = (what: string, value: (idle: Idle) => number): Figure[] => {
    const of = (table: number) => measured.map(({ idle }) => (idle[table] ? value(idle[table]) : NaN));
    return compared({ what, unit: 'core-ms/s', few: of(0), many: of(1), labels });
  };
  return [
    // Their ratio is of the sum: of one process alone the clock's ticks are too much of it.
    ...compare('idle scheduler', ({ scheduler }) => scheduler).slice(0, 2),
    ...compare('idle PostgreSQL', ({ postgres }) => postgres).slice(0, 2),
    ...compare('idle, both together', ({ scheduler, postgres }) => scheduler + postgres),
  ];
}

interface Comparison {
  what: string;
  unit: string;
  few: number[];
  many: number[];
  labels: string[];
}

/** The two, and the ratio round by round: what slows one of them slows the other too. */
function compared({ what, unit, few, many, labels }: Comparison): Figure[] {
  return [
    { what: `${what}, ${labels[0]}`, unit, rounds: summarize(few) },
    { what: `${what}, ${labels[1]}`, unit, rounds: summarize(many) },
    {
      what: `  ${labels[1]} ÷ ${labels[0]}`,
      unit: '×',
      rounds: summarize(many.map((each, round) => each / (few[round] ?? NaN))),
      goal: GOAL,
    },
  ];
}
