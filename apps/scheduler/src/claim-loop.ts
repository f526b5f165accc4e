import { setTimeout as delay } from 'node:timers/promises';

import { LowWaterMark } from '@automation/domain';
import { Pace } from '@automation/service-kit';
import { findNextDue } from '@automation/store';

import type { ClaimOptions } from './claim-batch.ts';
import { tick, type TickContext } from './tick.ts';

export type ClaimLoopOptions = ClaimOptions & { pollIntervalMs: number };

/** Jobs that are due one after the other share claims: half of this is what it adds to their lag. */
const CLAIM_SPACING_MS = 10;
/** A job that became due at a time that has passed without a word to us, be it by hand, is found so late. */
const FULL_SEARCH_INTERVAL_MS = 10_000;
/** However seldom it polls, a claim that failed is tried again soon: an outage may be over. */
const LONGEST_RETRY_MS = 1_000;

/** Ticks when the next job is due, when woken, and at least every poll interval (SPEC 3.2). */
export class ClaimLoop {
  readonly #context: TickContext;
  readonly #options: ClaimLoopOptions;
  readonly #stopping = new AbortController();
  readonly #pace = new Pace(CLAIM_SPACING_MS);
  readonly #lowWater = new LowWaterMark(FULL_SEARCH_INTERVAL_MS);
  #wakeUp = new AbortController();
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

  /** Ends after the batch under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#pace.turn(this.#stopping.signal);
      if (this.#wakeUp.signal.aborted) this.#lowWater.clear();
      this.#wakeUp = new AbortController();
      const waitMs = await this.#tick();
      if (!this.#stopping.signal.aborted) await waitFor(waitMs, this.#wakeUp.signal);
    }
  }

  /** Answers how long to wait for the next tick, in ms. */
  async #tick(): Promise<number> {
    const { db, logger, outage, metrics } = this.#context;
    const from = this.#lowWater.next();
    try {
      await tick(this.#context, { ...this.#options, from }, this.#stopping.signal);
      this.#isFailing = false;
      metrics.lastClaim.setToCurrentTime();
      const due = await findNextDue(db, from);
      this.#lowWater.set(due.from);
      // What is due but locked is in another's hands for a moment: the pace is the wait for it.
      return Math.min(Math.ceil(due.ms ?? Infinity), this.#options.pollIntervalMs);
    } catch (error) {
      // Said once, not at every poll.
      const isSaid = outage.noticed(error) || this.#isFailing;
      if (!isSaid) logger.warn('cannot claim jobs, trying again until it works', { error });
      this.#isFailing = true;
      return Math.min(this.#options.pollIntervalMs, LONGEST_RETRY_MS);
    }
  }
}

async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms === 0) return;
  // A wake-up ends the wait early; that is all that the rejection says.
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
