import { setTimeout as delay } from 'node:timers/promises';

import { type Database, msUntilNextDue } from '@automation/store';

import type { ClaimOptions } from './claim-batch.ts';
import { tick, type TickContext } from './tick.ts';

export type ClaimLoopOptions = ClaimOptions & { pollIntervalMs: number };

/** What is due but locked is in another scheduler's or a recorder's hands for a moment. */
const LOCKED_WAIT_MS = 5;

/** Ticks when the next job is due, when woken, and at least every poll interval (SPEC 3.2). */
export class ClaimLoop {
  readonly #context: TickContext;
  readonly #options: ClaimLoopOptions;
  #wakeUp = new AbortController();
  #stopped = false;
  #isFailing = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(context: TickContext, options: ClaimLoopOptions) {
    this.#context = context;
    this.#options = options;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Ticks at once: a job was created or changed. */
  wake(): void {
    this.#wakeUp.abort();
  }

  /** Ends after the tick under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.wake();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#wakeUp = new AbortController();
      const waitMs = await this.#tick();
      if (!this.#stopped) await waitFor(waitMs, this.#wakeUp.signal);
    }
  }

  /** Answers how long to wait for the next tick, in ms. */
  async #tick(): Promise<number> {
    const { logger, outage } = this.#context;
    try {
      const claimed = await tick(this.#context, this.#options);
      this.#isFailing = false;
      return await this.#msToNextTick(this.#context.db, claimed);
    } catch (error) {
      // Said once, not at every poll.
      const isSaid = outage.noticed(error) || this.#isFailing;
      if (!isSaid) logger.warn('cannot claim jobs, trying again every poll interval', { error });
      this.#isFailing = true;
      return this.#options.pollIntervalMs;
    }
  }

  async #msToNextTick(db: Database, claimed: number): Promise<number> {
    const untilDue = await msUntilNextDue(db);
    if (untilDue === null) return this.#options.pollIntervalMs;
    if (untilDue === 0 && claimed === 0) return LOCKED_WAIT_MS;
    return Math.min(Math.ceil(untilDue), this.#options.pollIntervalMs);
  }
}

async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms === 0) return;
  // A wake-up ends the wait early; that is all that the rejection says.
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
