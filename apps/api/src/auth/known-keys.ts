import { hash } from 'node:crypto';

import type { ApiKey } from '@automation/domain';
import type { Clock } from '@automation/service-kit';

/** How long a key counts as valid without another look; a revocation takes effect within 5 s on every replica (SPEC 5). */
const TRUSTED_MS = 2_000;

interface LookUp {
  startedAt: number;
  key: Promise<ApiKey | undefined>;
}

/**
 * The API keys that requests have shown of late, so that a busy one isn't looked up each time. Only valid ones are kept:
 * a new key works at once, and nobody fills the memory with texts that are no keys.
 */
export class KnownKeys {
  readonly #find: (text: string) => Promise<ApiKey | undefined>;
  readonly #clock: Clock;
  /** By the hash of the key's text, the oldest first. */
  readonly #lookUps = new Map<string, LookUp>();

  /** `find` answers the key of a text if it is valid now. */
  constructor(find: (text: string) => Promise<ApiKey | undefined>, clock: Clock) {
    this.#find = find;
    this.#clock = clock;
  }

  /** The key of that text if it is valid now, or was so within the last two seconds and has not expired since. */
  async find(text: string): Promise<ApiKey | undefined> {
    this.#dropOld();
    const id = hash('sha256', text);
    const { key: found } = this.#lookUps.get(id) ?? this.#lookUp(id, text);
    const key = await found;
    const isExpired = key !== undefined && key.expiresAt !== null && key.expiresAt <= this.#clock.now();
    return isExpired ? undefined : key;
  }

  /** Looks at every key anew: what this process itself has revoked is revoked at once. */
  forget(): void {
    this.#lookUps.clear();
  }

  /** Requests that show the same key meanwhile wait for the same look-up. */
  #lookUp(id: string, text: string): LookUp {
    const lookUp = { startedAt: performance.now(), key: this.#find(text) };
    this.#lookUps.set(id, lookUp);
    const drop = () => {
      if (this.#lookUps.get(id) === lookUp) this.#lookUps.delete(id);
    };
    lookUp.key.then((key) => key ?? drop(), drop);
    return lookUp;
  }

  #dropOld(): void {
    const oldest = performance.now() - TRUSTED_MS;
    for (const [id, { startedAt }] of this.#lookUps) {
      if (startedAt > oldest) return;
      this.#lookUps.delete(id);
    }
  }
}
