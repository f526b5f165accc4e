import type { Logger, OutageWatch } from '@automation/service-kit';
import {
  auditLog,
  type Database,
  dropEventsBefore,
  dropHistoryBefore,
  ensurePartitions,
  idempotencyKeys,
} from '@automation/store';

import { Rounds } from './rounds.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** For how many days what has happened is kept. */
export interface Retention {
  historyDays: number;
  auditLogDays: number;
  eventDays: number;
}

interface MaintenanceContext {
  db: Database;
  logger: Logger;
  outage: Pick<OutageWatch, 'noticed'>;
}

/** Keeps partitions ready for the days to come, and drops what is past its time. */
export class Maintenance {
  readonly #context: MaintenanceContext;
  readonly #retention: Retention;
  readonly #rounds = new Rounds(() => this.#maintain(), HOUR_MS);

  constructor(context: MaintenanceContext, retention: Retention) {
    this.#context = context;
    this.#retention = retention;
  }

  /**
   * Resolves when there are partitions, so that nothing is claimed without its own. What is past its time is dropped beside
   * the claims: there may be much of it.
   */
  async start(): Promise<void> {
    await this.#preparePartitions(new Date());
    this.#rounds.start();
  }

  /** Ends after the round under way. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
  }

  /** One step after the other, whatever becomes of those before. */
  async #maintain(): Promise<void> {
    const { db } = this.#context;
    const { historyDays, auditLogDays, eventDays } = this.#retention;
    const now = new Date();
    await this.#preparePartitions(now);
    await this.#trying('history', () => this.#dropHistory(daysBefore(now, historyDays)));
    await this.#trying('idempotency keys', () => idempotencyKeys.removeExpired(db));
    await this.#trying('audit log', () => auditLog.removeBefore(db, daysBefore(now, auditLogDays)));
    await this.#trying('events', () => dropEventsBefore(db, daysBefore(now, eventDays)));
  }

  async #preparePartitions(now: Date): Promise<void> {
    await this.#trying('partitions', () => ensurePartitions(this.#context.db, now));
  }

  async #dropHistory(oldest: Date): Promise<void> {
    const { db, logger } = this.#context;
    const dropped = await dropHistoryBefore(db, oldest);
    if (dropped.length > 0) logger.info('history dropped', { partitions: dropped });
  }

  async #trying(step: string, work: () => Promise<unknown>): Promise<void> {
    const { logger, outage } = this.#context;
    try {
      await work();
    } catch (error) {
      if (!outage.noticed(error)) logger.warn('maintenance failed, trying again in an hour', { step, error });
    }
  }
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}
