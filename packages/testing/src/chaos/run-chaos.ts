import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

import { type Service, setUpRoles, urlAs } from '../database-roles.ts';
import { freePort } from '../free-port.ts';
import { migrateDatabase } from '../migrate-database.ts';
import { NO_LIMITS } from '../no-limits.ts';
import { ChaosApi } from './chaos-api.ts';
import { ChaosFunctions } from './chaos-functions.ts';
import { ChaosPostgres } from './chaos-postgres.ts';
import { Cluster } from './cluster.ts';
import { createFunctions, createJobs, disableJobs } from './create-jobs.ts';
import { disturb, restartCleanly } from './disturbances.ts';
import type { Evidence, Incident, Operation } from './evidence.ts';
import type { Slot } from './member.ts';
import { operate } from './operations.ts';
import type { ChaosOptions } from './options.ts';
import { readAudit } from './product-audit.ts';
import { Random } from './random.ts';
import { readLedger } from './read-ledger.ts';
import { untilNothingIsOpen } from './until-nothing-is-open.ts';

const KEY = 'chaos-admin-key-0123456789abcdef0123456789';
const UP_TIMEOUT_MS = 60_000;
/** The end of the storm, in which every process is restarted as an operator would do it. */
const CLEAN_RESTART_MS = 15_000;
const PROGRESS_MS = 5_000;

/** A service that is run and disturbed, and what is known of it. */
export interface ChaosRun {
  postgres: ChaosPostgres;
  cluster: Cluster;
  api: ChaosApi;
  functions: ChaosFunctions;
  incidents: Incident[];
  operations: Operation[];
  /** How late the runner itself is. */
  lag: ReturnType<typeof monitorEventLoopDelay>;
  say: (what: string) => void;
}

/** Prepares everything on a fresh database; nothing of the service runs yet. */
export async function prepare({ seed }: ChaosOptions, say: (what: string) => void): Promise<ChaosRun> {
  const postgres = await ChaosPostgres.create(seed);
  say(`PostgreSQL and logs: ${postgres.directory}`);
  await migrateDatabase(postgres.url);
  await setUpRoles(postgres);
  // As it is done with the next version.
  await migrateDatabase(urlAs('owner', postgres.url));
  const apiPort = await freePort();
  const api = new ChaosApi(`http://127.0.0.1:${apiPort}`, KEY);
  const cluster = new Cluster(slots(postgres.url, apiPort));
  const senders = () =>
    cluster.members.filter(({ slot }) => slot.app === 'worker').map(({ life }) => life.pid);
  const functions = new ChaosFunctions({ random: new Random(`${seed}/functions`), api, senders });
  const lag = monitorEventLoopDelay();
  return { postgres, cluster, api, functions, incidents: [], operations: [], lag, say };
}

/** The storm, then the calm in which all comes to an end. */
export async function storm(run: ChaosRun, { seed, minutes, jobs: count }: ChaosOptions): Promise<void> {
  const { cluster, functions, api, incidents, operations, postgres, say } = run;
  const random = new Random(String(seed));
  cluster.start();
  await functions.start();
  run.lag.enable();
  await cluster.untilReady(UP_TIMEOUT_MS);
  const until = Date.now() + minutes * 60_000;
  const functionIds = await createFunctions(run);
  const jobs = await createJobs(run, { functionIds, count, random: random.stream('jobs') });
  say(`${jobs.length} jobs created`);
  const over = new AbortController();
  const progress = showProgress(run, over.signal);
  const rate = Math.max(0.5, count / 100);
  const operator = operate({ api, jobs, operations, rate, random: random.stream('operations') }, over.signal);
  const disturber = { cluster, postgres, incidents, say, random: random.stream('disturbances') };
  await disturb({ ...disturber, until: until - CLEAN_RESTART_MS });
  await restartCleanly({ ...disturber, until });
  functions.isCalm = true;
  over.abort();
  await Promise.all([operator, progress]);
  await drain(run, jobs);
}

/** Reads what the checker compares; the api is asked for its own audit. */
export async function gather(run: ChaosRun): Promise<Evidence> {
  const audit = await readAudit(run.api);
  const ledger = await readLedger(run.postgres);
  await run.cluster.stop();
  const { calls } = run.functions;
  return {
    ledger,
    calls,
    audit,
    refusals: run.postgres.refusals,
    incidents: run.incidents,
    lives: run.cluster.lives,
    operations: run.operations,
    lagMs: Math.round(run.lag.max / 1e6),
  };
}

/** Ends whatever runs. */
export async function tearDown({ cluster, functions, postgres }: ChaosRun): Promise<void> {
  await cluster.stop();
  await functions.close();
  await postgres.stop();
}

/** Each as the role of its service, with no rights but those that it needs. */
function slots(databaseUrl: string, apiPort: number): Slot[] {
  const envOf = (service: Service) => ({
    ...NO_LIMITS,
    DATABASE_URL: urlAs(service, databaseUrl),
    METRICS_PORT: '0',
    SHUTDOWN_GRACE_MS: '20000',
    LOG_FORMAT: 'json',
  });
  const api = {
    ...envOf('api'),
    API_PORT: String(apiPort),
    BOOTSTRAP_ACCOUNT_ID: 'chaos',
    BOOTSTRAP_API_KEY: KEY,
    FUNCTION_NETWORK: 'private',
  };
  const scheduler = envOf('scheduler');
  const worker = { ...envOf('worker'), FUNCTION_NETWORK: 'private' };
  return [
    { name: 'api', app: 'api', env: api },
    { name: 'scheduler-1', app: 'scheduler', env: scheduler },
    { name: 'scheduler-2', app: 'scheduler', env: scheduler },
    { name: 'worker-1', app: 'worker', env: worker },
    { name: 'worker-2', app: 'worker', env: worker },
    { name: 'worker-3', app: 'worker', env: worker },
  ];
}

async function showProgress(run: ChaosRun, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await delay(PROGRESS_MS, undefined, { signal }).catch(() => undefined);
    run.say(progressLine(run));
  }
}

function progressLine({ functions, incidents, operations, cluster }: ChaosRun): string {
  const up = cluster.members.filter(({ life }) => life.readyAt !== null && life.endedAt === null).length;
  return `${functions.calls.length} requests (${functions.underWay} under way), ${operations.length} operations, ${incidents.length} disturbances, ${up} of 6 processes up`;
}

/** Disables every job through the api and waits until nothing is open. */
async function drain(run: ChaosRun, jobs: readonly string[]): Promise<void> {
  const { cluster, postgres, say } = run;
  say('calm: the jobs are disabled, what is open comes to an end');
  await cluster.untilReady(UP_TIMEOUT_MS);
  await disableJobs(run, jobs);
  await untilNothingIsOpen(postgres, say);
}
