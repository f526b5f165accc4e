import { setTimeout as delay } from 'node:timers/promises';

import type { PeerAnswer, PeerCommand } from './peer-message.ts';

/** What a peer's process does when it is told to. */
export interface PeerEngine {
  /** Enqueues runs that are due at an instant, as many at a time as the engine takes best. */
  fill(runs: number, dueAt: Date): Promise<void>;
  /** Begins to work off what is enqueued and what will be. Called once. */
  work(): Promise<void>;
  /** Enqueues a single run that is due now. */
  enqueue(dueAt: Date): Promise<void>;
}

/** The child's side of a peer: says that it is ready, and then obeys. */
export function servePeer(peer: PeerEngine): void {
  let working: Promise<void> | null = null;
  const engine = { ...peer, work: () => (working ??= peer.work()) };
  process.on('message', (command: PeerCommand) => {
    obey(engine, command).then(
      () => answer({ kind: 'done' }),
      (error: unknown) => answer({ kind: 'failed', error: String(error) }),
    );
  });
  process.on('disconnect', () => process.exit());
  answer({ kind: 'ready' });
}

/** One of the environment variables that a peer's process is started with. */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

async function obey(engine: PeerEngine, command: PeerCommand): Promise<void> {
  if (command.kind === 'fill') return engine.fill(command.runs, new Date(command.dueAt));
  if (command.kind === 'work') return engine.work();
  return trickle(engine, command.perSecond, command.seconds);
}

async function trickle(engine: PeerEngine, perSecond: number, seconds: number): Promise<void> {
  const start = Date.now();
  for (let n = 0; n < perSecond * seconds; n += 1) {
    const dueAt = start + (n * 1_000) / perSecond;
    if (dueAt > Date.now()) await delay(dueAt - Date.now());
    await engine.enqueue(new Date());
  }
}

function answer(message: PeerAnswer): void {
  process.send?.(message);
}
