/** The first bytes of a body in one piece. A list of chunks would take a hundred times their size if they are single bytes. */
export class KeptBytes {
  readonly #limit: number;
  #buffer: Buffer = Buffer.alloc(0);
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#size);
  }

  /** Keeps what the limit leaves room for; answers whether that is all of it. */
  append(chunk: Buffer): boolean {
    const kept = chunk.subarray(0, this.#limit - this.#size);
    const size = this.#size + kept.length;
    // Most answers are one chunk, which needs no copy.
    if (this.#size === 0) this.#buffer = kept;
    else {
      if (size > this.#buffer.length) this.#grow(size);
      kept.copy(this.#buffer, this.#size);
    }
    this.#size = size;
    return kept.length === chunk.length;
  }

  #grow(size: number): void {
    const grown = Buffer.allocUnsafe(Math.min(Math.max(size, 2 * this.#buffer.length), this.#limit));
    this.bytes.copy(grown);
    this.#buffer = grown;
  }
}
