import type { Logger } from '@automation/service-kit';
import { type Database, dropHistoryBefore, ensurePartitions, idempotencyKeys } from '@automation/store';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Keeps partitions ready for the days to come, and drops history and idempotency keys that are past their time. */
export class Maintenance {
  readonly #db: Database;
  readonly #logger: Logger;
  readonly #historyDays: number;
  #timer: NodeJS.Timeout | null = null;
  #run: Promise<void> = Promise.resolve();

  constructor(db: Database, logger: Logger, historyDays: number) {
    this.#db = db;
    this.#logger = logger;
    this.#historyDays = historyDays;
  }

  /** Runs once before it resolves, so that nothing is claimed without its partition, and then every hour. */
  async start(): Promise<void> {
    const run = () => {
      this.#run = this.#maintain(new Date());
    };
    run();
    this.#timer = setInterval(run, HOUR_MS);
    await this.#run;
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#run;
  }

  async #maintain(now: Date): Promise<void> {
    try {
      await ensurePartitions(this.#db, now);
      const dropped = await dropHistoryBefore(this.#db, new Date(now.getTime() - this.#historyDays * DAY_MS));
      if (dropped.length > 0) this.#logger.info('history dropped', { partitions: dropped });
      await idempotencyKeys.removeExpired(this.#db);
    } catch (error) {
      this.#logger.warn('maintenance failed, trying again in an hour', { error });
    }
  }
}
