import { AppError } from '@automation/domain';

/** How long a measurement holds: what is created meanwhile is little. */
const MEASURED_FOR_MS = 5_000;

/** Whether users' definitions leave room for more of them: history makes way for them, and they for nothing (SPEC 5). */
export class StorageQuota {
  readonly #maxBytes: number;
  readonly #measure: () => Promise<number>;
  #measuredAt = -Infinity;
  #bytes: Promise<number> = Promise.resolve(0);

  /** `measure` answers the bytes that definitions take; 0 as maximum is no limit. */
  constructor(maxBytes: number, measure: () => Promise<number>) {
    this.#maxBytes = maxBytes;
    this.#measure = measure;
  }

  /** Throws STORAGE_QUOTA_EXCEEDED if definitions alone take more than there may be. */
  async requireRoom(): Promise<void> {
    if (this.#maxBytes === 0) return;
    const bytes = await this.#measured();
    if (bytes <= this.#maxBytes) return;
    const message = `the storage quota is exceeded: definitions take ${bytes} bytes of ${this.#maxBytes}`;
    throw new AppError('STORAGE_QUOTA_EXCEEDED', message);
  }

  /** All who ask within the time wait for the same measurement; one that failed is made again. */
  async #measured(): Promise<number> {
    if (performance.now() - this.#measuredAt > MEASURED_FOR_MS) {
      this.#measuredAt = performance.now();
      this.#bytes = this.#measure();
    }
    try {
      return await this.#bytes;
    } catch (error) {
      this.#measuredAt = -Infinity;
      throw error;
    }
  }
}
