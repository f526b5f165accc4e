const SHORTEST_MS = 1_000;
/** It takes the scheduler a moment to claim what is due. */
const CLAIM_MS = 200;

/** How long to wait before a job is read again: until just after it is due, but no longer than it is polled anyway. */
export function untilNextLook(
  nextRun: string | null,
  { now, pollMs }: { now: number; pollMs: number },
): number {
  if (nextRun === null) return pollMs;
  const untilClaimed = Date.parse(nextRun) + CLAIM_MS - now;
  return Math.max(SHORTEST_MS, Math.min(pollMs, untilClaimed));
}
