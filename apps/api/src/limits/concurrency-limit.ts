/** Lets so many pieces of work of each key be under way at the same time. */
export class ConcurrencyLimit {
  readonly #most: number;
  readonly #underWay = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Does the work in one of the key's places. Throws what `refusal` makes if all are taken. */
  async run<T>(key: string, refusal: () => Error, work: () => Promise<T>): Promise<T> {
    const others = this.#underWay.get(key) ?? 0;
    if (others >= this.#most) throw refusal();
    this.#underWay.set(key, others + 1);
    try {
      return await work();
    } finally {
      this.#leave(key);
    }
  }

  #leave(key: string): void {
    const others = (this.#underWay.get(key) ?? 0) - 1;
    if (others > 0) this.#underWay.set(key, others);
    else this.#underWay.delete(key);
  }
}
