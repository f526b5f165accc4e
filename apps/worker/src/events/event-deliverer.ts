import { setTimeout as delay } from 'node:timers/promises';

import type { OutageWatch } from '@automation/service-kit';
import { type Database, leaseEndpoints, type LeasedEndpoint } from '@automation/store';

import { deliverEvents } from './deliver-events.ts';
import type { DeliveryContext } from './deliver-message.ts';

export type DelivererContext = DeliveryContext & {
  db: Database;
  outage: Pick<OutageWatch, 'noticed'>;
};

/** Endpoints that a worker delivers to at the same time. */
const AT_ONCE = 20;
/** What is tried again after a while announces itself to nobody: this is how late it may be found. */
const POLL_MS = 1_000;

/** Sends events to the endpoints that are registered for them, as long as the worker runs. */
export class EventDeliverer {
  readonly #context: DelivererContext;
  readonly #stopping = new AbortController();
  readonly #cutOff = new AbortController();
  readonly #turns = new Set<Promise<void>>();
  #wakeUp = new AbortController();
  #isFailing = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(context: DelivererContext) {
    this.#context = context;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Looks at once: events were published. */
  wake(): void {
    this.#wakeUp.abort();
  }

  /** Takes up no more endpoints, and begins no more deliveries. */
  async pause(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    await this.#loop;
  }

  /** Resolves when the deliveries that have begun are over, and noted. */
  async drain(): Promise<void> {
    await Promise.all(this.#turns);
  }

  /** Cuts off the deliveries under way; they are made again by whoever takes up their endpoints. */
  async cutOff(): Promise<void> {
    this.#cutOff.abort();
    await this.drain();
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#wakeUp = new AbortController();
      await this.#takeUp();
      // A wake-up ends the wait early; that is all that the rejection says.
      await delay(POLL_MS, undefined, { signal: this.#wakeUp.signal }).catch(() => undefined);
    }
  }

  async #takeUp(): Promise<void> {
    const { db, logger, outage } = this.#context;
    const room = AT_ONCE - this.#turns.size;
    try {
      const endpoints = room > 0 ? await leaseEndpoints(db, room) : [];
      for (const endpoint of endpoints) this.#deliver(endpoint);
      this.#isFailing = false;
    } catch (error) {
      // Said once, not at every look.
      const isSaid = outage.noticed(error) || this.#isFailing;
      if (!isSaid) logger.warn('cannot deliver events, trying again until it works', { error });
      this.#isFailing = true;
    }
  }

  #deliver(endpoint: LeasedEndpoint): void {
    const { logger, outage } = this.#context;
    const signals = { stopping: this.#stopping.signal, cutOff: this.#cutOff.signal };
    const turn = deliverEvents(this.#context, endpoint, signals)
      .catch((error: unknown) => {
        // Its lease ends in some seconds, and somebody takes it up again.
        if (!outage.noticed(error))
          logger.warn('cannot note what was delivered', { error, endpoint_id: endpoint.id });
      })
      .finally(() => {
        this.#turns.delete(turn);
        this.wake();
      });
    this.#turns.add(turn);
  }
}
