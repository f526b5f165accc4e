import { withDeadline } from './deadline.ts';
import type { Logger } from './logger.ts';

export interface OutageWatchOptions {
  logger: Logger;
  /** Resolves if the database answers. */
  ping: () => Promise<void>;
  /** Whether an error says that the database can't be reached, rather than that we are wrong. */
  isOutage: (error: unknown) => boolean;
}

/** Errors of one outage come from everywhere within this time; the first ping waits for them. */
const PING_INTERVAL_MS = 250;
const PING_DEADLINE_MS = 1_000;

/**
 * Says of the database's outages what a person needs to know: one WARN when it goes, one INFO when it is back, however many
 * statements fail meanwhile.
 */
export class OutageWatch {
  readonly #options: OutageWatchOptions;
  #downSince: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(options: OutageWatchOptions) {
    this.#options = options;
  }

  /** Whether the database has not answered since an outage was noticed. */
  get isDown(): boolean {
    return this.#downSince !== null;
  }

  /** Takes an error that something ran into. True if it is an outage's: then all that is to be said of it is said. */
  noticed(error: unknown): boolean {
    if (!this.#options.isOutage(error)) return false;
    if (this.#downSince === null && !this.#isStopped) {
      this.#downSince = Date.now();
      this.#options.logger.warn('database is not available, trying until it is', { error });
      this.#pingSoon(this.#downSince);
    }
    return true;
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #pingSoon(since: number): void {
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#ping(since), PING_INTERVAL_MS);
  }

  async #ping(since: number): Promise<void> {
    const { logger, ping } = this.#options;
    try {
      await withDeadline(PING_DEADLINE_MS, ping);
      this.#downSince = null;
      logger.info('database is available again', { outage_ms: Date.now() - since });
    } catch {
      // Said once already.
      this.#pingSoon(since);
    }
  }
}
