import { withDeadline } from './deadline.ts';
import { errorMessage } from './error-message.ts';
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
/** For so long errors of an outage may come after it: attempts to connect that began before its end, sessions it broke. */
const AFTERMATH_MS = 15_000;
/** A ping may itself be sent into a session that the outage broke, which is given up after it. */
const AFTERMATH_PINGS = 2;

/**
 * Says of the database's outages what a person needs to know: one WARN when it goes, one INFO when it is back, however many
 * statements fail meanwhile.
 */
export class OutageWatch {
  readonly #options: OutageWatchOptions;
  #downSince: number | null = null;
  #backAt = -Infinity;
  #isVerifying = false;
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(options: OutageWatchOptions) {
    this.#options = options;
  }

  /** Whether the database has not answered since an error of an outage was noticed. */
  get isDown(): boolean {
    return this.#downSince !== null || this.#isVerifying;
  }

  /** Takes an error that something ran into. True if it is an outage's: then all that is to be said of it is said. */
  noticed(error: unknown): boolean {
    if (!this.#options.isOutage(error)) return false;
    if (this.#downSince !== null || this.#isStopped) return true;
    if (Date.now() - this.#backAt < AFTERMATH_MS) void this.#verify(error);
    else this.#goDown(error);
    return true;
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #goDown(error: unknown): void {
    this.#downSince = Date.now();
    // Where the statement stood that ran into it says nothing.
    this.#options.logger.warn('database is not available, trying until it is', {
      error: errorMessage(error),
    });
    this.#pingSoon(this.#downSince);
  }

  async #verify(error: unknown): Promise<void> {
    if (this.#isVerifying) return;
    this.#isVerifying = true;
    let answers = false;
    for (let ping = 0; ping < AFTERMATH_PINGS && !answers; ping += 1) answers = await this.#answers();
    this.#isVerifying = false;
    if (!answers && this.#downSince === null && !this.#isStopped) this.#goDown(error);
  }

  #pingSoon(since: number): void {
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#ping(since), PING_INTERVAL_MS);
  }

  async #ping(since: number): Promise<void> {
    if (!(await this.#answers())) {
      this.#pingSoon(since);
      return;
    }
    this.#downSince = null;
    this.#backAt = Date.now();
    this.#options.logger.info('database is available again', { outage_ms: this.#backAt - since });
  }

  async #answers(): Promise<boolean> {
    try {
      await withDeadline(PING_DEADLINE_MS, this.#options.ping);
      return true;
    } catch {
      return false;
    }
  }
}
