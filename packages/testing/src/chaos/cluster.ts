import { setTimeout as delay } from 'node:timers/promises';

import { type AppName, type AppProcess, createProcessHarness, type ProcessExit } from '../process-harness.ts';
import type { Life } from './evidence.ts';

/** A start that fails (the database is away, say) is tried again after it. */
const RESTART_WAIT_MS = 300;

/** A process that is to run all the time, whoever ends it. */
export interface Slot {
  name: string;
  app: AppName;
  env: NodeJS.ProcessEnv;
}

/** What runs in a slot now. */
export interface Member {
  slot: Slot;
  life: Life;
  process: AppProcess;
}

/** The service's processes: one that ends is started again at once. */
export class Cluster {
  readonly lives: Life[] = [];
  readonly #harness = createProcessHarness();
  readonly #slots: readonly Slot[];
  readonly #members = new Map<string, Member>();
  readonly #processes: { life: Life; process: AppProcess }[] = [];
  readonly #watches: Promise<void>[] = [];
  #closing = false;

  constructor(slots: readonly Slot[]) {
    this.#slots = slots;
  }

  start(): void {
    for (const slot of this.#slots) this.#watches.push(this.#keepRunning(slot));
  }

  /** In the order of their slots. */
  get members(): Member[] {
    return this.#slots.flatMap(({ name }) => this.#members.get(name) ?? []);
  }

  /** Resolves when every process has said that it is up. */
  async untilReady(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!this.#slots.every(({ name }) => isUp(this.#members.get(name)))) {
      if (Date.now() > deadline) throw new Error(`not all processes are up after ${timeoutMs} ms`);
      await delay(50);
    }
  }

  /** What each process wrote, by a name for a file. */
  logs(): { name: string; text: string }[] {
    return this.#processes.map(({ life, process: { lines } }) => ({
      name: `${life.name}-${life.pid}.log`,
      text: lines.map(({ text }) => `${text}\n`).join(''),
    }));
  }

  /** Ends all with SIGTERM, and with SIGKILL what is left. */
  async stop(): Promise<void> {
    this.#closing = true;
    for (const { life, process } of this.members) {
      life.endedBy ??= 'terminate';
      process.signal('SIGTERM');
    }
    await Promise.race([Promise.all(this.#watches), delay(30_000, undefined, { ref: false })]);
    await this.#harness.killAll();
    await Promise.all(this.#watches);
  }

  async #keepRunning(slot: Slot): Promise<void> {
    while (!this.#closing) {
      const { life, process } = this.#spawn(slot);
      void this.#noteReady(life, process);
      noteExit(life, await process.untilExit(Infinity));
      noteLog(life, process);
      if (life.readyAt === null && !this.#closing) await delay(RESTART_WAIT_MS);
    }
  }

  #spawn(slot: Slot): Member {
    const process = this.#harness.start(slot.app, slot.env);
    const life: Life = {
      name: slot.name,
      app: slot.app,
      pid: process.pid,
      startedAt: Date.now(),
      readyAt: null,
      endedAt: null,
      code: null,
      signal: null,
      endedBy: null,
      errors: [],
      findings: [],
    };
    this.lives.push(life);
    this.#processes.push({ life, process });
    const member = { slot, life, process };
    this.#members.set(slot.name, member);
    return member;
  }

  async #noteReady(life: Life, process: AppProcess): Promise<void> {
    try {
      await process.untilLine(`${life.app} started`, Infinity);
      life.readyAt = Date.now();
    } catch {
      // It ended before; its life says so.
    }
  }
}

function isUp(member: Member | undefined): boolean {
  return member !== undefined && member.life.readyAt !== null && member.life.endedAt === null;
}

function noteLog(life: Life, { lines }: AppProcess): void {
  for (const { text, event } of lines) {
    if (event['level'] === 'error') life.errors.push(text);
    if (event['message'] === 'ledger scan') life.findings.push(String(event['kind']));
  }
}

function noteExit(life: Life, { code, signal }: ProcessExit): void {
  life.endedAt = Date.now();
  life.code = code;
  life.signal = signal;
}
