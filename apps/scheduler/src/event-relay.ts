import { setTimeout as delay } from 'node:timers/promises';

import type { Logger, OutageWatch } from '@automation/service-kit';
import { type Database, type EventRate, hasUnpublished, publishEvents } from '@automation/store';

export interface RelayContext {
  db: Database;
  logger: Logger;
  outage: Pick<OutageWatch, 'noticed'>;
}

/** Rounds a second, while the rate makes room for an event in each. */
const ROUNDS_PER_SECOND = 10;

/**
 * Publishes the events of the outbox in small batches, so that no more are published than the rate allows; those beyond it
 * are late, and none is lost. It looks for them rather than being notified: NOTIFY would make everybody who writes of a
 * job wait for each other's commits.
 */
export class EventRelay {
  readonly #context: RelayContext;
  readonly #rate: EventRate;
  readonly #stopping = new AbortController();
  #isFailing = false;
  #loop: Promise<void> = Promise.resolve();

  /** @param perSecond events that are published by all replicas together */
  constructor(context: RelayContext, perSecond: number) {
    this.#context = context;
    this.#rate = { perSecond, burst: Math.max(1, Math.floor(perSecond / ROUNDS_PER_SECOND)) };
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Ends after the batch under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#round();
      // Stopping ends the wait early; that is all that the rejection says.
      await delay(1_000 / ROUNDS_PER_SECOND, undefined, { signal }).catch(() => undefined);
    }
  }

  async #round(): Promise<void> {
    const { db, logger, outage } = this.#context;
    try {
      if (await hasUnpublished(db)) await publishEvents(db, this.#rate);
      this.#isFailing = false;
    } catch (error) {
      // Said once, not at every round.
      const isSaid = outage.noticed(error) || this.#isFailing;
      if (!isSaid) logger.warn('cannot publish events, trying again until it works', { error });
      this.#isFailing = true;
    }
  }
}
