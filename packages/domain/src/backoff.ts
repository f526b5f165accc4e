const BASE_MS = 1_000;
const LONGEST_MS = 60_000;

/**
 * Milliseconds to wait after failed attempt number `attempt` (1 is the first): 1 s, doubling, at most 60 s unless told
 * otherwise, the upper half of it at random so that retries of one outage spread out. A longer `Retry-After` wins (SPEC 4).
 */
export function backoffMs(
  attempt: number,
  retryAfterMs: number | null,
  random: () => number = Math.random,
  longestMs: number = LONGEST_MS,
): number {
  const full = Math.min(longestMs, BASE_MS * 2 ** (attempt - 1));
  const spread = full / 2 + (full / 2) * random();
  return Math.round(Math.max(spread, retryAfterMs ?? 0));
}
