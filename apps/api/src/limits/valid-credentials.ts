import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const MOST_REMEMBERED = 10_000;

/** The credentials that were valid when they were last shown, by the hashes of their headers. */
export class ValidCredentials {
  /** The longest unused first. */
  readonly #hashes = new Set<string>();

  has(headers: IncomingHttpHeaders): boolean {
    return this.#hashes.has(hashOf(headers));
  }

  add(headers: IncomingHttpHeaders): void {
    const id = hashOf(headers);
    this.#hashes.delete(id);
    this.#hashes.add(id);
    if (this.#hashes.size <= MOST_REMEMBERED) return;
    const [oldest] = this.#hashes;
    if (oldest !== undefined) this.#hashes.delete(oldest);
  }

  delete(headers: IncomingHttpHeaders): void {
    this.#hashes.delete(hashOf(headers));
  }
}

function hashOf({ authorization = '', 'x-api-key': key = '' }: IncomingHttpHeaders): string {
  return hash('sha256', `${authorization}\n${String(key)}`);
}
