import { QUEUE_SCHEMA } from '@automation/queue';
import type { Logger, OutageWatch } from '@automation/service-kit';
import { type Database, dropEventsBeyond, measureStorage, type Storage } from '@automation/store';

import { enforceStorageLimit, totalBytes } from './enforce-storage-limit.ts';
import type { SchedulerMetrics } from './metrics.ts';
import { Rounds } from './rounds.ts';

/** What comes within it at full load is a fraction of the usual limit. */
const INTERVAL_MS = 5_000;
/** What events may take of the limit, and what one of them takes, with its indexes. */
const EVENTS_SHARE = 0.2;
const EVENT_BYTES = 400;

interface StorageContext {
  db: Database;
  logger: Logger;
  outage: Pick<OutageWatch, 'noticed'>;
  metrics: Pick<SchedulerMetrics, 'storage'>;
}

/** Shows what storage is used, and drops history that is beyond the limit, for as long as the scheduler runs. */
export class StorageWatch {
  readonly #context: StorageContext;
  readonly #maxBytes: number;
  readonly #rounds = new Rounds(() => this.#look(), INTERVAL_MS);
  #isExceeded = false;

  /** @param maxBytes 0: there is no limit */
  constructor(context: StorageContext, maxBytes: number) {
    this.#context = context;
    this.#maxBytes = maxBytes;
  }

  start(): void {
    this.#rounds.start();
  }

  /** Ends after the look under way. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
  }

  async #look(): Promise<void> {
    const { db, logger, outage } = this.#context;
    try {
      if (this.#maxBytes === 0) {
        this.#show(await measureStorage(db, QUEUE_SCHEMA));
        return;
      }
      await dropEventsBeyond(db, Math.floor((this.#maxBytes * EVENTS_SHARE) / EVENT_BYTES));
      const { storage, dropped } = await enforceStorageLimit(db, this.#maxBytes, new Date());
      this.#show(storage);
      if (dropped.length > 0) logger.info('history dropped to save storage', { partitions: dropped });
      this.#noteExcess(totalBytes(storage));
    } catch (error) {
      // An audit that reads the history may be in the way, and is over by a later look.
      if (!outage.noticed(error)) logger.warn('storage limit not enforced, trying again', { error });
    }
  }

  #show({ history, definitions, queue }: Storage): void {
    const { storage } = this.#context.metrics;
    storage.set({ part: 'history' }, history);
    storage.set({ part: 'definitions' }, definitions);
    storage.set({ part: 'queue' }, queue);
  }

  /** Said once, and not at each look. */
  #noteExcess(bytes: number): void {
    const isExceeded = bytes > this.#maxBytes;
    if (isExceeded && !this.#isExceeded) {
      const fields = { bytes, max_bytes: this.#maxBytes };
      this.#context.logger.warn('storage limit exceeded, and there is no history left to drop', fields);
    }
    this.#isExceeded = isExceeded;
  }
}
