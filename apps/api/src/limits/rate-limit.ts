import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** What is left to a key of its requests, once one of them is counted. */
export interface Allowance {
  isAllowed: boolean;
  remaining: number;
}

/** Counts the requests of each key, by the second. */
export class RateLimit {
  readonly #name: string;
  readonly #perSecond: number;
  readonly #limiter: RateLimiterMemory;

  /** The name is the one that clients are told. */
  constructor(name: string, perSecond: number) {
    this.#name = name;
    this.#perSecond = perSecond;
    this.#limiter = new RateLimiterMemory({ keyPrefix: '', points: perSecond, duration: 1 });
  }

  /** Counts a request. */
  async take(key: string): Promise<Allowance> {
    try {
      const { remainingPoints } = await this.#limiter.consume(key);
      return { isAllowed: true, remaining: remainingPoints };
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return { isAllowed: false, remaining: 0 };
      throw refusal;
    }
  }

  /** Whether the key has nothing left; counts nothing. */
  async isSpent(key: string): Promise<boolean> {
    const state = await this.#limiter.get(key);
    return state !== null && state.msBeforeNext > 0 && state.remainingPoints <= 0;
  }

  /** The header fields of draft-ietf-httpapi-ratelimit-headers: quota, window and what is left of it, in seconds. */
  headers({ remaining }: Pick<Allowance, 'remaining'>): Record<string, string> {
    return {
      'RateLimit-Policy': `"${this.#name}";q=${this.#perSecond};w=1`,
      RateLimit: `"${this.#name}";r=${remaining};t=1`,
    };
  }
}
