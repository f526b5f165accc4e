/**
 * Where the search for what is due begins. Before it the index has nothing but entries of what is done: vacuum removes
 * them, but not while somebody's old transaction might look at them, and to read them all would make each search slower
 * than the one before. Something may become due at a time that has passed, though; so all is searched now and then.
 */
export class LowWaterMark {
  readonly #fullSearchIntervalMs: number;
  readonly #now: () => number;
  #mark: Date | null = null;
  #searchedAt = -Infinity;

  /** @param now milliseconds of a clock that is never set back */
  constructor(fullSearchIntervalMs: number, now = () => performance.now()) {
    this.#fullSearchIntervalMs = fullSearchIntervalMs;
    this.#now = now;
  }

  /** From when on to search; null: for anything that is due. */
  next(): Date | null {
    const now = this.#now();
    if (now - this.#searchedAt >= this.#fullSearchIntervalMs) this.#mark = null;
    if (this.#mark === null) this.#searchedAt = now;
    return this.#mark;
  }

  /** Nothing was due before this instant when it was searched for. */
  set(instant: Date): void {
    this.#mark = instant;
  }

  /** Something may be due at any time. */
  clear(): void {
    this.#mark = null;
  }
}
