import { AppError } from '@automation/domain';
import type { Logger } from '@automation/service-kit';
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JWTVerifyGetKey,
} from 'jose';

const TIMEOUT_MS = 2_000;
/** A token of an unknown key has the keys fetched again, though not more often than this: rotation needs no restart. */
const COOLDOWN_MS = 30_000;
/** The keys are looked at anew after so long, since the issuer may have withdrawn one. */
const REFRESH_MS = 600_000;
/** While the issuer can't be reached it is asked so seldom, or every token would wait for a time-out. */
const REST_MS = 1_000;

/**
 * The public keys of the tokens' issuer. Once they are known no request waits for them, and they go on counting while the
 * issuer can't be reached.
 */
export class IssuerKeys {
  readonly #logger: Logger;
  readonly #keys: ReturnType<typeof createRemoteJWKSet>;
  #refreshAt = Infinity;
  #restsUntil = -Infinity;
  #isAway = false;

  constructor(url: string, logger: Logger) {
    this.#logger = logger;
    this.#keys = createRemoteJWKSet(new URL(url), {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: COOLDOWN_MS,
      cacheMaxAge: Infinity,
      [customFetch]: this.#fetch,
    });
  }

  /** The key of a token's header. Throws a JOSEError if there is none, and UNAVAILABLE if that can't be told. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (performance.now() >= this.#refreshAt) void this.#refresh();
    try {
      return await this.#keys(header, token);
    } catch (error) {
      if (isTokensFault(error)) throw error;
      this.#notFetched(error);
      throw new AppError('UNAVAILABLE', 'the keys of tokens are not available, try again', { cause: error });
    }
  };

  /** Beside the requests. */
  async #refresh(): Promise<void> {
    this.#refreshAt = Infinity;
    try {
      await this.#keys.reload();
    } catch (error) {
      this.#notFetched(error);
      this.#refreshAt = this.#restsUntil;
    }
  }

  readonly #fetch: FetchImplementation = async (url, options) => {
    if (performance.now() < this.#restsUntil) throw new Error('could not be reached a moment ago');
    const response = await fetch(url, options);
    if (response.ok) this.#fetched();
    return response;
  };

  #fetched(): void {
    this.#refreshAt = performance.now() + REFRESH_MS;
    if (this.#isAway) this.#logger.info('the keys of tokens are fetched again');
    this.#isAway = false;
  }

  #notFetched(error: unknown): void {
    const now = performance.now();
    if (now < this.#restsUntil) return;
    this.#restsUntil = now + REST_MS;
    if (!this.#isAway)
      this.#logger.warn('the keys of tokens cannot be fetched, trying until they can', { error });
    this.#isAway = true;
  }
}

/** The keys are known, and none of them is this token's. */
function isTokensFault(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
