import { setTimeout as delay } from 'node:timers/promises';

/** By then it has happened on the busiest machine, or it never will. */
const TIMEOUT_MS = 60_000;

/**
 * Waits until `condition` answers something other than false, null and undefined, and answers that. Throws after
 * `timeoutMs`, with what the condition last threw as its cause.
 */
export async function waitUntil<T>(
  condition: () => T | Promise<T>,
  options: { timeoutMs?: number; what?: string } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const startedAt = Date.now();
  const deadline = startedAt + (options.timeoutMs ?? TIMEOUT_MS);
  let cause: unknown;
  while (Date.now() < deadline) {
    try {
      const value = await condition();
      if (isMet(value)) return value;
    } catch (error) {
      cause = error;
    }
    // What takes long is asked less often: the questions keep a machine busy that has better to do.
    await delay(Math.min(25, 5 + (Date.now() - startedAt) / 50));
  }
  throw new Error(`timed out waiting for ${options.what ?? 'a condition'}`, { cause });
}

function isMet<T>(value: T): value is NonNullable<Exclude<T, false>> {
  return value !== false && value !== null && value !== undefined;
}
