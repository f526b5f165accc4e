/** What stands for all values beyond the bound. */
export const OTHER = '_other';

/**
 * A label whose values nobody bounds: the first so many that are seen have series of their own, all others share one, so
 * that a million accounts take neither this process's memory nor Prometheus down.
 */
export class BoundedLabel {
  readonly #max: number;
  readonly #known = new Set<string>();

  constructor(max: number) {
    this.#max = max;
  }

  of(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.#max) return OTHER;
    this.#known.add(value);
    return value;
  }
}
