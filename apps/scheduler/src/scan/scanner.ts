import type { TaskQueue } from '@automation/queue';
import type { Logger } from '@automation/service-kit';
import type { Database } from '@automation/store';

import type { SchedulerMetrics } from '../metrics.ts';
import { Rounds } from '../rounds.ts';
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
  readonly #rounds: Rounds;
  #position = START;

  constructor(context: ScannerContext, intervalMs: number) {
    this.#context = context;
    this.#rounds = new Rounds(() => this.#round(), intervalMs);
  }

  start(): void {
    this.#rounds.start();
  }

  /** Ends after the round under way. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
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
