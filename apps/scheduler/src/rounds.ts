import { setTimeout as delay } from 'node:timers/promises';

/** Does something again and again, with a pause in between, from `start` to `stop`. */
export class Rounds {
  readonly #round: () => Promise<void>;
  readonly #pauseMs: number;
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  /** @param round deals with its own errors */
  constructor(round: () => Promise<void>, pauseMs: number) {
    this.#round = round;
    this.#pauseMs = pauseMs;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Ends after the round under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#round();
      // Stopping ends the wait early; that is all that the rejection says.
      await delay(this.#pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
