import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

import { ChaosFunctions } from '../chaos/chaos-functions.ts';
import { ChaosPostgres } from '../chaos/chaos-postgres.ts';
import { createFunctions, createJobs, disableJobs } from '../chaos/create-jobs.ts';
import type { Evidence, Operation } from '../chaos/evidence.ts';
import type { Slot } from '../chaos/member.ts';
import { readAudit } from '../chaos/product-audit.ts';
import { Random } from '../chaos/random.ts';
import { readLedger } from '../chaos/read-ledger.ts';
import { untilNothingIsOpen } from '../chaos/until-nothing-is-open.ts';
import { migrateDatabase } from '../migrate-database.ts';
import { NO_LIMITS } from '../no-limits.ts';
import { waitUntil } from '../wait-until.ts';
import { Balancer } from './balancer.ts';
import { EventFollower } from './event-follower.ts';
import { Fleet } from './fleet.ts';
import type { RolloutOptions } from './options.ts';
import { PatientClient } from './patient-client.ts';
import { CURRENT, type Release } from './release.ts';
import { useApi, type UserNotes } from './user.ts';

const KEY = 'rollout-admin-key-0123456789abcdef01234567';
/** Between two steps of a rollout. */
const STEADY_MS = 2_000;
/** How long an earlier release goes on with the tables of this one. */
const OLD_ON_NEW_MS = 10_000;

/** A service that is replaced while it is used, and what is known of it. */
export interface RolloutRun {
  /** What is replaced. */
  old: Release;
  postgres: ChaosPostgres;
  balancer: Balancer;
  fleet: Fleet;
  client: PatientClient;
  /** Of the events of new jobs. */
  follower: EventFollower;
  functions: ChaosFunctions;
  operations: Operation[];
  notes: UserNotes;
  /** How late the runner itself is. */
  lag: ReturnType<typeof monitorEventLoopDelay>;
  say: (what: string) => void;
}

/** Prepares everything on a fresh database, with the tables of what is to be replaced; nothing of the service runs yet. */
export async function prepare(
  { seed }: RolloutOptions,
  old: Release,
  say: (what: string) => void,
): Promise<RolloutRun> {
  const postgres = await ChaosPostgres.create(seed);
  say(`PostgreSQL and logs: ${postgres.directory}`);
  await migrateDatabase(postgres.url, old.directory);
  const balancer = new Balancer();
  const url = await balancer.start();
  const client = new PatientClient(url, KEY);
  const follower = new EventFollower({ url, key: KEY }, 'job.created');
  const fleet = new Fleet({ slots: slots(postgres.url), balancer, say });
  const senders = () =>
    fleet.lives.filter(({ app, endedAt }) => app === 'worker' && endedAt === null).map(({ pid }) => pid);
  const functions = new ChaosFunctions({ random: new Random(`${seed}/functions`), api: client, senders });
  const notes: UserNotes = { jobs: new Map(), runs: new Set(), surprises: [] };
  const lag = monitorEventLoopDelay();
  return { old, postgres, balancer, fleet, client, follower, functions, operations: [], notes, lag, say };
}

/** Every process is replaced, while jobs run and users use the api. */
export async function rollOut(run: RolloutRun, { seed, jobs: count, users }: RolloutOptions): Promise<void> {
  const { old, fleet, functions, client, operations, notes, say } = run;
  const random = new Random(String(seed));
  await functions.start();
  run.lag.enable();
  await fleet.start(old);
  const context = { api: client, functions, operations };
  const functionIds = await createFunctions(context);
  const jobs = await createJobs(context, { functionIds, count, random: random.stream('jobs') });
  say(`${jobs.length} jobs created, ${users} users begin`);
  const over = new AbortController();
  const usage = Array.from({ length: users }, (_, index) => {
    const user = { client, functionIds, operations, notes, random: random.stream(`user ${index}`) };
    return useApi(user, `user ${index} round`, over.signal);
  });
  const following = new AbortController();
  void run.follower.follow(following.signal);
  await delay(STEADY_MS);
  if (old === CURRENT) await fleet.replaceAll(CURRENT);
  else await upgrade(run);
  await delay(STEADY_MS);
  functions.isCalm = true;
  over.abort();
  await Promise.all(usage);
  say('the jobs are disabled, what is open comes to an end');
  const all = [...jobs, ...notes.jobs.keys()];
  await disableJobs(context, all);
  await untilNothingIsOpen(run.postgres, say);
  await untilAllIsHeard(run, all.length);
  following.abort();
}

/** Events are published a moment later; one that does not come is for the judge. */
async function untilAllIsHeard({ follower, say }: RolloutRun, count: number): Promise<void> {
  const heard = waitUntil(() => follower.streams === 0 || follower.jobs.length >= count, {
    what: 'the last events',
  });
  await heard.catch((error: unknown) => say(String(error)));
}

/** The tables first, then the processes; back again, as it is done when a release turns out to be bad, and forth. */
async function upgrade({ old, postgres, fleet, say }: RolloutRun): Promise<void> {
  await migrateDatabase(postgres.url, CURRENT.directory);
  say(`migrated by ${CURRENT.name}, ${old.name} goes on with it`);
  await delay(OLD_ON_NEW_MS);
  for (const release of [CURRENT, old, CURRENT]) {
    say(`${release.name} takes over`);
    await fleet.replaceAll(release);
    await delay(STEADY_MS);
  }
}

/** Reads what the checker compares; the api is asked for its own audit. */
export async function gather({
  client,
  postgres,
  fleet,
  functions,
  operations,
  lag,
}: RolloutRun): Promise<Evidence> {
  const audit = await readAudit(client);
  const ledger = await readLedger(postgres);
  await fleet.stop();
  return {
    ledger,
    calls: functions.calls,
    audit,
    refusals: postgres.refusals,
    incidents: fleet.incidents,
    lives: fleet.lives,
    operations,
    lagMs: Math.round(lag.max / 1e6),
  };
}

/** Ends whatever runs. */
export async function tearDown({ fleet, balancer, functions, postgres }: RolloutRun): Promise<void> {
  await fleet.stop();
  await balancer.close();
  await functions.close();
  await postgres.stop();
}

/** Two of each, with the settings that infra/kubernetes gives them. */
function slots(databaseUrl: string): Slot[] {
  const env = {
    ...NO_LIMITS,
    DATABASE_URL: databaseUrl,
    METRICS_PORT: '0',
    SHUTDOWN_GRACE_MS: '20000',
    LOG_FORMAT: 'json',
  };
  const api = {
    ...env,
    API_PORT: '0',
    SHUTDOWN_DELAY_MS: '6000',
    BOOTSTRAP_ACCOUNT_ID: 'rollout',
    BOOTSTRAP_API_KEY: KEY,
    FUNCTION_NETWORK: 'private',
  };
  const worker = { ...env, FUNCTION_NETWORK: 'private' };
  return [1, 2].flatMap((nth) => [
    { name: `api-${nth}`, app: 'api', env: api },
    { name: `scheduler-${nth}`, app: 'scheduler', env },
    { name: `worker-${nth}`, app: 'worker', env: worker },
  ]);
}
