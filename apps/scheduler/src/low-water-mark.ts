/** A job may become due at a time that has passed, be it by hand: this is how late it is found then. */
const FULL_SEARCH_INTERVAL_MS = 10_000;

/**
 * Where the search for due jobs begins. Before it the index has nothing but entries of what was claimed: vacuum removes
 * them, but not while somebody's old transaction might look at them, and to read them all would make each claim slower
 * than the one before.
 */
export class LowWaterMark {
  #mark: Date | null = null;
  #searchedAt = -Infinity;
  readonly #now: () => number;

  /** @param now milliseconds of a clock that is never set back */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** From when on to search; null: for anything that is due. */
  next(): Date | null {
    const now = this.#now();
    if (now - this.#searchedAt >= FULL_SEARCH_INTERVAL_MS) this.#mark = null;
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
