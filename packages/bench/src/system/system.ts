import { type Drained, soon, untilDrained } from './backlog.ts';
import { cpuOfFamily, cpuOfProcess } from './cpu-meter.ts';
import { fillJobs, removeJobs } from './fill-jobs.ts';
import { FunctionServer } from './function-server.ts';
import { BenchPostgres } from './postgres.ts';
import { Service, type ServiceOptions } from './service.ts';

const DRAIN_TIMEOUT_MS = 300_000;

export interface Backlog {
  runs: number;
  payload?: object;
  /** Of the function; 0 answers at once. */
  delayMs?: number;
}

/** What a backlog took: runs a second, and core-µs for each run by the kind of process. */
export type Drain = Drained & { perSecond: number; cpuPerRun: Record<string, number> };

/** The whole product on its own PostgreSQL, with a function server. */
export class System {
  readonly postgres: BenchPostgres;
  readonly functions: FunctionServer;
  readonly service: Service;

  private constructor(postgres: BenchPostgres, functions: FunctionServer, service: Service) {
    this.postgres = postgres;
    this.functions = functions;
    this.service = service;
  }

  static async start(options: Omit<ServiceOptions, 'databaseUrl'> = {}): Promise<System> {
    const postgres = await BenchPostgres.start();
    const functions = await FunctionServer.start();
    const service = await Service.start({ databaseUrl: postgres.url, ...options });
    return new System(postgres, functions, service);
  }

  /** Core-µs used so far, by the kind of process. */
  cpu(): Record<string, number> {
    return {
      api: cpuOfAll(this.service.pidsOf('api')),
      scheduler: cpuOfAll(this.service.pidsOf('scheduler')),
      worker: cpuOfAll(this.service.pidsOf('worker')),
      postgres: cpuOfFamily(this.postgres.pid),
      functions: cpuOfProcess(this.functions.pid),
    };
  }

  /** Lets so many jobs of their own fall due at one instant, and measures until the ledger has the outcome of each. */
  async drain({ runs, payload = { n: 1 }, delayMs = 0 }: Backlog): Promise<Drain> {
    const { pool } = this.postgres;
    await removeJobs(pool);
    await this.functions.take();
    const functionUrl = delayMs === 0 ? this.functions.url : `${this.functions.url}?delay=${delayMs}`;
    const due = soon(runs);
    await fillJobs(pool, {
      count: runs,
      schedule: '@every 24h',
      nextRun: due,
      staggerMs: 0,
      functionUrl,
      payload,
    });
    const before = this.cpu();
    const drained = await untilDrained(pool, this.functions, { runs, due, timeoutMs: DRAIN_TIMEOUT_MS });
    return {
      ...drained,
      perSecond: runs / drained.seconds,
      cpuPerRun: perUnit(before, this.cpu(), runs),
    };
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await this.functions.stop();
    await this.postgres.stop();
  }
}

function cpuOfAll(pids: readonly number[]): number {
  return pids.reduce((total, pid) => total + cpuOfProcess(pid), 0);
}

/** Where a peer runs beside it: on the same PostgreSQL, with the same functions. */
export function contextOf({ postgres, functions }: System) {
  return { postgresUrl: postgres.url, postgresPid: postgres.pid, functionUrl: functions.url };
}

/** What was used between two readings, for each of so many runs or requests. */
export function perUnit(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  units: number,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after)
      .map(([kind, used]): [string, number] => [kind, (used - (before[kind] ?? 0)) / units])
      .filter(([, used]) => used > 0),
  );
}
