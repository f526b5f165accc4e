import type { Readable } from 'node:stream';

/** The first bytes of a body, and whether they are all of it. */
export interface BodyStart {
  bytes: Buffer;
  complete: boolean;
}

/**
 * Reads a body up to `limit` bytes. Whatever is longer is not downloaded: its connection is closed.
 * @throws what the stream reports if the body breaks off before the limit
 */
export function readAtMost(body: Readable, limit: number): Promise<BodyStart> {
  return new Promise((resolve, reject) => {
    const kept = new KeptBytes(limit);
    // Stays attached after the promise has settled: destroying the body makes it emit one more error.
    body.on('error', reject);
    body.on('end', () => resolve({ bytes: kept.bytes, complete: true }));
    body.on('data', (chunk: Buffer) => {
      if (kept.append(chunk)) return;
      resolve({ bytes: kept.bytes, complete: false });
      body.destroy();
    });
  });
}

/** Gives up a body unread: closes its connection. */
export function discard(body: Readable): void {
  // undici reports every body that is destroyed before its end as an error; here that is what is wanted.
  body.on('error', () => undefined);
  body.destroy();
}

/** Bytes in one piece. A list of chunks would take a hundred times their size if a function sends single bytes. */
class KeptBytes {
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
