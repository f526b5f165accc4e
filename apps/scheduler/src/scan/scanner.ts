import { setTimeout as delay } from 'node:timers/promises';

import type { TaskQueue } from '@automation/queue';
import type { Logger } from '@automation/service-kit';
import type { Database } from '@automation/store';

import type { SchedulerMetrics } from '../metrics.ts';
import { scan, START } from './scan.ts';

export interface ScannerContext {
  db: Database;
  queue: TaskQueue;
  logger: Logger;
  metrics: SchedulerMetrics;
}

/** Scans the ledger round after round for as long as the scheduler runs, one replica at a time. */
export class Scanner {
  readonly #context: ScannerContext;
  readonly #intervalMs: number;
  readonly #stopping = new AbortController();
  #position = START;
  #loop: Promise<void> = Promise.resolve();

  constructor(context: ScannerContext, intervalMs: number) {
    this.#context = context;
    this.#intervalMs = intervalMs;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Ends after the round under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#round();
      // Stopping ends the wait early; that is all that the rejection says.
      await delay(this.#intervalMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #round(): Promise<void> {
    const { db, queue, logger, metrics } = this.#context;
    try {
      const round = await scan(db, queue, this.#position);
      if (round === null) return;
      this.#position = round.next;
      for (const { kind, found, repaired } of round.findings) {
        metrics.violations.inc({ kind }, found);
        metrics.repairs.inc({ kind }, repaired);
        logger.warn('ledger scan', { kind, found, repaired });
      }
    } catch (error) {
      // The claim loop says so if the database is away; a scan has time.
      logger.debug('ledger scan failed, trying again', { error });
    }
  }
}
