import type { Phase } from '@automation/domain';

import { asError } from './as-error.ts';

interface QueryResult {
  rows: unknown[];
}

/** Runs statements outside of any transaction; a pg pool is one. */
export interface QueuePool {
  query(text: string, values?: unknown[]): Promise<QueryResult | QueryResult[]>;
}

/** Where workers hear of tasks: each notification names the phase that has some. */
export const TASKS_ENQUEUED = 'automation_tasks_enqueued';

/**
 * Tells waiting workers that tasks have been enqueued, once their transaction has committed. A NOTIFY inside of it would
 * have all such transactions commit one after the other, each with a wait for the disk of its own. What is not told,
 * since this process ends just then, is found by polling.
 */
export class Announcer {
  readonly #pool: QueuePool;
  readonly #onError: (error: Error) => void;
  readonly #untold = new Set<Phase>();
  #telling: Promise<void> | null = null;

  /** @param onError told of what could not be told; it is not tried again */
  constructor(pool: QueuePool, onError: (error: Error) => void) {
    this.#pool = pool;
    this.#onError = onError;
  }

  /** What is enqueued while a notification is on its way shares the next one. Throws nothing. */
  announce(phases: Iterable<Phase>): void {
    for (const phase of phases) this.#untold.add(phase);
    if (this.#untold.size > 0) this.#telling ??= this.#tell();
  }

  /** Resolves when everything has been told. */
  async settled(): Promise<void> {
    await this.#telling;
  }

  async #tell(): Promise<void> {
    while (this.#untold.size > 0) {
      const phases = [...this.#untold];
      this.#untold.clear();
      try {
        await this.#pool.query(phases.map((phase) => `NOTIFY ${TASKS_ENQUEUED}, '${phase}'`).join('; '));
      } catch (error) {
        this.#onError(asError(error));
      }
    }
    this.#telling = null;
  }
}
