import { setTimeout as delay } from 'node:timers/promises';

/**
 * Spaces out the transactions of a stream, so that each carries what came meanwhile: under a steady load many small ones
 * cost a multiple of few that are larger. What comes after a pause is taken at once.
 */
export class Pace {
  readonly #spacingMs: number;
  #last = -Infinity;

  /** @param spacingMs between the starts of two turns, at least */
  constructor(spacingMs: number) {
    this.#spacingMs = spacingMs;
  }

  /** Resolves when the next turn may start, or when `signal` aborts. */
  async turn(signal?: AbortSignal): Promise<void> {
    const waitMs = this.#last + this.#spacingMs - performance.now();
    // An abort ends the wait early; that is all that the rejection says.
    if (waitMs > 0) await delay(waitMs, undefined, { signal }).catch(() => undefined);
    this.#last = performance.now();
  }
}
