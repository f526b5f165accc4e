import type { Logger, OutageWatch } from '@automation/service-kit';
import { type Database, type EventRate, hasUnpublished, publishEvents } from '@automation/store';

import { Rounds } from './rounds.ts';

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
  readonly #rounds = new Rounds(() => this.#round(), 1_000 / ROUNDS_PER_SECOND);
  #isFailing = false;

  /** @param perSecond events that are published by all replicas together */
  constructor(context: RelayContext, perSecond: number) {
    this.#context = context;
    this.#rate = { perSecond, burst: Math.max(1, Math.floor(perSecond / ROUNDS_PER_SECOND)) };
  }

  start(): void {
    this.#rounds.start();
  }

  /** Ends after the batch under way. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
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
