import { setTimeout as delay } from 'node:timers/promises';

import { createProcessHarness } from '../process-harness.ts';
import type { Life } from './evidence.ts';
import { logsOf, type Member, type Slot, startMember } from './member.ts';

/** A start that fails (the database is away, say) is tried again after it. */
const RESTART_WAIT_MS = 300;

/** The service's processes: one that ends is started again at once. */
export class Cluster {
  readonly #harness = createProcessHarness();
  readonly #slots: readonly Slot[];
  readonly #members = new Map<string, Member>();
  /** All that ever ran. */
  readonly #all: Member[] = [];
  readonly #watches: Promise<void>[] = [];
  #closing = false;

  constructor(slots: readonly Slot[]) {
    this.#slots = slots;
  }

  start(): void {
    for (const slot of this.#slots) this.#watches.push(this.#keepRunning(slot));
  }

  get lives(): Life[] {
    return this.#all.map(({ life }) => life);
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
    return logsOf(this.#all);
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
      const member = startMember(this.#harness, slot);
      this.#all.push(member);
      this.#members.set(slot.name, member);
      await member.ended;
      if (member.life.readyAt === null && !this.#closing) await delay(RESTART_WAIT_MS);
    }
  }
}

function isUp(member: Member | undefined): boolean {
  return member !== undefined && member.life.readyAt !== null && member.life.endedAt === null;
}
