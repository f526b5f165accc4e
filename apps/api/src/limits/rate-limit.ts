import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** What is left to a key, once what it wants is counted. */
export interface Allowance {
  isAllowed: boolean;
  remaining: number;
  /** Whole seconds until it has all of it again. */
  resetSeconds: number;
}

/** Counts what each key takes, by the second or a longer window. */
export class RateLimit {
  readonly #name: string;
  readonly #most: number;
  readonly #windowSeconds: number;
  readonly #limiter: RateLimiterMemory;

  /** The name is the one that clients are told. */
  constructor(name: string, most: number, windowSeconds = 1) {
    this.#name = name;
    this.#most = most;
    this.#windowSeconds = windowSeconds;
    this.#limiter = new RateLimiterMemory({ keyPrefix: '', points: most, duration: windowSeconds });
  }

  /** Counts a request, or so many of what it takes. */
  async take(key: string, count = 1): Promise<Allowance> {
    try {
      return { isAllowed: true, ...stateOf(await this.#limiter.consume(key, count)) };
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return { isAllowed: false, ...stateOf(refusal) };
      throw refusal;
    }
  }

  /** Whether the key has nothing left; counts nothing. */
  async isSpent(key: string): Promise<boolean> {
    const state = await this.#limiter.get(key);
    return state !== null && state.msBeforeNext > 0 && state.remainingPoints <= 0;
  }

  /** The header fields of draft-ietf-httpapi-ratelimit-headers: quota, window and what is left of it, in seconds. */
  headers({ remaining, resetSeconds }: Omit<Allowance, 'isAllowed'>): Record<string, string> {
    return {
      'RateLimit-Policy': `"${this.#name}";q=${this.#most};w=${this.#windowSeconds}`,
      RateLimit: `"${this.#name}";r=${remaining};t=${resetSeconds}`,
    };
  }
}

function stateOf({ remainingPoints, msBeforeNext }: RateLimiterRes): Omit<Allowance, 'isAllowed'> {
  return { remaining: remainingPoints, resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1_000)) };
}
