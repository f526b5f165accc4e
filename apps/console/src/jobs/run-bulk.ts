import { ApiError, retryAfterOf } from '../api/api-error.ts';

/** What could not be done, and why. */
export interface Failure<Item> {
  item: Item;
  error: Error;
}

export interface BulkResult<Item, Result> {
  done: Result[];
  failed: Failure<Item>[];
}

export interface BulkOptions {
  /** Called after each item, with how many are done or have failed. */
  onStep: (settled: number) => void;
  /** Aborted: what has not been begun is left as it is. */
  signal: AbortSignal;
  /** How long to wait after the service has had too many requests, unless it says longer. */
  pauseMs?: number;
}

/** An account may have 100 requests at once, and a tab is not alone. */
const AT_ONCE = 6;
const MOST_TRIES = 5;
const PAUSE_MS = 1_000;

/** Does the same with many items, some at a time, and tells of each that fails; none keeps the others from being done. */
export async function runBulk<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  { onStep, signal, pauseMs = PAUSE_MS }: BulkOptions,
): Promise<BulkResult<Item, Result>> {
  const result: BulkResult<Item, Result> = { done: [], failed: [] };
  const left = items.values();
  const takeAll = async () => {
    for (const item of left) {
      try {
        result.done.push(await patiently(() => work(item), pauseMs));
      } catch (error) {
        result.failed.push({ item, error: error instanceof Error ? error : new Error(String(error)) });
      }
      onStep(result.done.length + result.failed.length);
      if (signal.aborted) return;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, takeAll));
  return result;
}

/** Tries again while the service has too many requests to answer this one. */
async function patiently<Result>(work: () => Promise<Result>, pauseMs: number): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === MOST_TRIES || !isTooMany(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.max(pauseMs, retryAfterOf(error))));
    }
  }
}

function isTooMany(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 429 || error.status === 503);
}
