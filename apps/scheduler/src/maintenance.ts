import type { Logger } from '@automation/service-kit';
import {
  auditLog,
  type Database,
  dropEventsBefore,
  dropHistoryBefore,
  ensurePartitions,
  idempotencyKeys,
} from '@automation/store';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** For how many days what has happened is kept. */
export interface Retention {
  historyDays: number;
  auditLogDays: number;
  eventDays: number;
}

/** Keeps partitions ready for the days to come, and drops what is past its time. */
export class Maintenance {
  readonly #db: Database;
  readonly #logger: Logger;
  readonly #retention: Retention;
  #timer: NodeJS.Timeout | null = null;
  #run: Promise<void> = Promise.resolve();

  constructor(db: Database, logger: Logger, retention: Retention) {
    this.#db = db;
    this.#logger = logger;
    this.#retention = retention;
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
    const { historyDays, auditLogDays, eventDays } = this.#retention;
    try {
      await ensurePartitions(this.#db, now);
      const dropped = await dropHistoryBefore(this.#db, daysBefore(now, historyDays));
      if (dropped.length > 0) this.#logger.info('history dropped', { partitions: dropped });
      await idempotencyKeys.removeExpired(this.#db);
      await auditLog.removeBefore(this.#db, daysBefore(now, auditLogDays));
      await dropEventsBefore(this.#db, daysBefore(now, eventDays));
    } catch (error) {
      this.#logger.warn('maintenance failed, trying again in an hour', { error });
    }
  }
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}
