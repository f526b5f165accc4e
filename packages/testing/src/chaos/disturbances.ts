import { setTimeout as delay } from 'node:timers/promises';

import type { AppName } from '../process-harness.ts';
import { waitUntil } from '../wait-until.ts';
import type { ChaosPostgres } from './chaos-postgres.ts';
import type { Cluster } from './cluster.ts';
import type { Incident } from './evidence.ts';
import type { Member } from './member.ts';
import type { Random } from './random.ts';

const KINDS = { kill: 34, killAll: 6, stop: 24, stopAll: 6, fast: 8, immediate: 8, backends: 8, rolling: 6 };
const LONGEST_PAUSE_MS = 4_000;
const LONGEST_STOP_MS = 25_000;
/** How long the last stop may reach beyond the end. */
const OVERTIME_MS = 3_000;
/** What a rolling restart may take; none is begun when less is left. */
const ROLLING_MS = 20_000;
const UP_TIMEOUT_MS = 60_000;
const EXIT_TIMEOUT_MS = 60_000;

export interface DisturberContext {
  cluster: Cluster;
  postgres: ChaosPostgres;
  random: Random;
  incidents: Incident[];
  /** When it has to come to an end. */
  until: number;
  /** Told of what goes on. */
  say: (what: string) => void;
}

/** One thing after the other, as the seed says; stops go on beside the next ones. */
export async function disturb(context: DisturberContext): Promise<void> {
  const { random, until } = context;
  const stops: Promise<void>[] = [];
  while (Date.now() < until) {
    // All is drawn each time, whatever the kind, so that what comes later does not depend on what is possible now.
    const choice = {
      kind: random.weighted(KINDS),
      nth: random.between(0, 1_000),
      lastsMs: random.between(1_000, LONGEST_STOP_MS),
    };
    const pauseMs = random.between(300, LONGEST_PAUSE_MS);
    stops.push(...(await begin(context, choice)));
    await delay(Math.min(pauseMs, Math.max(0, until - Date.now())));
  }
  await Promise.all(stops);
}

/** Answers what goes on when the next one begins. */
async function begin(
  context: DisturberContext,
  { kind, nth, lastsMs }: { kind: keyof typeof KINDS; nth: number; lastsMs: number },
): Promise<Promise<void>[]> {
  switch (kind) {
    case 'kill':
    case 'killAll':
      for (const member of chosen(context, nth, kind === 'killAll')) kill(context, member);
      return [];
    case 'stop':
    case 'stopAll':
      return chosen(context, nth, kind === 'stopAll').map((member) => stop(context, member, lastsMs));
    case 'rolling':
      if (Date.now() + ROLLING_MS < context.until)
        await roll(context, chosen(context, nth, false)[0]?.slot.app);
      return [];
    case 'fast':
    case 'immediate':
    case 'backends':
      await disturbDatabase(context, kind, context.random.stream(`backends/${nth}`));
      return [];
  }
}

/** Workers and schedulers are what the ledger depends on. */
const TARGETS = ['worker', 'scheduler', 'worker', 'worker', 'scheduler', 'worker', 'api', 'worker'];

/** One process, or all of its app. */
function chosen({ cluster }: DisturberContext, nth: number, all: boolean): Member[] {
  const { members } = cluster;
  const candidates = members.filter(({ slot }) => slot.app === TARGETS[nth % TARGETS.length]);
  const one = candidates[nth % candidates.length];
  return members.filter((member) => member === one || (all && member.slot.app === one?.slot.app));
}

function kill(context: DisturberContext, { life, process }: Member): void {
  if (life.endedAt !== null) return;
  const at = Date.now();
  life.endedBy ??= 'kill';
  context.say(`SIGKILL ${life.name}`);
  context.incidents.push({ kind: 'kill', at, until: at, pid: life.pid, what: `SIGKILL ${life.name}` });
  process.signal('SIGKILL');
}

async function stop(context: DisturberContext, { life, process }: Member, ms: number): Promise<void> {
  const at = Date.now();
  const isStopped = context.incidents.some(
    ({ kind, pid, until }) => kind === 'stop' && pid === life.pid && until > at,
  );
  if (life.endedAt !== null || isStopped) return;
  const lasts = Math.max(1_000, Math.min(ms, context.until + OVERTIME_MS - at));
  const what = `SIGSTOP ${life.name} for ${Math.round(lasts / 1_000)} s`;
  context.say(what);
  const incident: Incident = { kind: 'stop', at, until: at + lasts, pid: life.pid, what };
  context.incidents.push(incident);
  process.signal('SIGSTOP');
  await delay(lasts);
  process.signal('SIGCONT');
  incident.until = Date.now();
}

/** SIGTERM to every process, one of each app at a time, while nothing else disturbs them. */
export async function restartCleanly(context: DisturberContext): Promise<void> {
  await context.cluster.untilReady(UP_TIMEOUT_MS);
  const apps = new Set(context.cluster.members.map(({ slot }) => slot.app));
  await Promise.all([...apps].map((app) => roll(context, app)));
}

/** SIGTERM to each process of one app in turn, the next one when the first is up again. */
async function roll(context: DisturberContext, app: AppName | undefined): Promise<void> {
  context.say(`rolling restart of ${app}`);
  for (const { slot } of context.cluster.members.filter((member) => member.slot.app === app)) {
    await context.cluster.untilReady(UP_TIMEOUT_MS);
    const member = context.cluster.members.find((each) => each.slot.name === slot.name);
    if (member === undefined || member.life.endedAt !== null) continue;
    const { life, process } = member;
    const at = Date.now();
    const incident: Incident = {
      kind: 'terminate',
      at,
      until: Infinity,
      pid: life.pid,
      what: `SIGTERM ${life.name}`,
    };
    context.incidents.push(incident);
    life.endedBy ??= 'terminate';
    process.signal('SIGTERM');
    // One that does not end is killed; that its end was not clean is then in its life.
    await process.untilExit(EXIT_TIMEOUT_MS).catch(() => process.signal('SIGKILL'));
    await waitUntil(() => life.endedAt !== null, {
      timeoutMs: EXIT_TIMEOUT_MS,
      what: `the end of ${life.name}`,
    });
    incident.until = Date.now();
  }
  await context.cluster.untilReady(UP_TIMEOUT_MS);
}

async function disturbDatabase(
  { postgres, incidents, say }: DisturberContext,
  kind: 'fast' | 'immediate' | 'backends',
  random: Random,
): Promise<void> {
  const what = kind === 'backends' ? 'terminated backends' : `PostgreSQL restart -m ${kind}`;
  say(what);
  const incident: Incident = { kind: 'database', at: Date.now(), until: Infinity, pid: null, what };
  incidents.push(incident);
  if (kind === 'backends') await postgres.terminateBackends(() => random.chance(0.5));
  else await postgres.restart(kind);
  incident.until = Date.now();
}
