/** Why an invocation was cut short. */
export type Interruption = 'timed_out' | 'aborted';

/** One limit over everything that an invocation does. */
export interface Deadline {
  /** What came first, or null as long as neither has. */
  interruption(): Interruption | null;
  /** Gives up the timer and the caller's signal. Call it once the invocation has ended. */
  clear(): void;
}

/**
 * Starts a deadline of `timeoutMs` milliseconds that the caller's signal can bring forward.
 * AbortSignal.timeout would keep its timer for the whole time-out even if the answer comes at once: with
 * thousands of invocations a second and time-outs of minutes, hundreds of thousands of them.
 * @param onInterrupted called once, when the time is up or the caller aborts
 */
export function startDeadline(timeoutMs: number, caller: AbortSignal, onInterrupted: () => void): Deadline {
  let interruption: Interruption | null = null;
  const interrupt = (cause: Interruption): void => {
    if (interruption !== null) return;
    interruption = cause;
    onInterrupted();
  };
  const onAbort = (): void => interrupt('aborted');
  const timer = setTimeout(interrupt, timeoutMs, 'timed_out');
  caller.addEventListener('abort', onAbort, { once: true });
  return {
    interruption: () => interruption,
    clear() {
      clearTimeout(timer);
      caller.removeEventListener('abort', onAbort);
    },
  };
}
