/** What a circuit breaker does with a request: lets it through, or says how long to wait before asking again, in ms. */
export type Admission = { allowed: true; permit: Permit } | { allowed: false; waitMs: number };

/** A request that was let through. Exactly one of its methods is called when it is over. */
export interface Permit {
  readonly succeeded: () => void;
  readonly failed: () => void;
  /** It came to nothing: it was cut off, say. */
  readonly dropped: () => void;
}

export type BreakerState = 'closed' | 'open';

const WINDOW_S = 60;
const LEAST_ATTEMPTS = 10;
const FAILED_SHARE = 0.7;
const FIRST_PROBE_MS = 30_000;
const LONGEST_PROBE_MS = 600_000;
/**
 * How soon to ask again while a probe is under way. It may be over in a moment, or hang until its time-out: the longer it
 * takes the less often a backlog asks, each time with a write for each of its executions.
 */
const FIRST_ASK_MS = 5_000;
const SELDOMEST_ASK_MS = 60_000;

/** While a circuit is open. */
interface Opening {
  intervalMs: number;
  probeAt: number;
  /** When the probe under way began. */
  probingSince: number | null;
}

/**
 * The circuit breaker of one function (SPEC 4): when of the last minute's attempts at least 10 were made and 70 %
 * failed, no request is let through but a probe after 30 s, and then less and less often, up to every 10 minutes. A
 * probe that succeeds closes it.
 */
export class CircuitBreaker {
  readonly #now: () => number;
  readonly #onChange: (state: BreakerState) => void;
  /** Attempts by the second that they ended in. */
  #seconds: { second: number; attempts: number; failures: number }[] = [];
  #open: Opening | null = null;
  #timesOpened = 0;
  #underWay = 0;

  constructor(now: () => number, onChange: (state: BreakerState) => void) {
    this.#now = now;
    this.#onChange = onChange;
  }

  /** Whether it may be forgotten: no request is under way or was lately, and nobody waits for a probe any more. */
  get isIdle(): boolean {
    this.#forget();
    if (this.#underWay > 0 || this.#seconds.length > 0) return false;
    return this.#open === null || this.#now() > this.#open.probeAt + LONGEST_PROBE_MS;
  }

  /** Whether it lets nothing through but a probe. */
  get isOpen(): boolean {
    return this.#open !== null;
  }

  admit(): Admission {
    if (this.#open === null) return this.#allow(this.#request());
    const waitMs = this.#open.probeAt - this.#now();
    if (waitMs > 0) return { allowed: false, waitMs };
    if (this.#open.probingSince !== null)
      return { allowed: false, waitMs: this.#untilAsked(this.#open.probingSince) };
    this.#open.probingSince = this.#now();
    return this.#allow(this.#probe(this.#open));
  }

  /** As long as the probe has taken. */
  #untilAsked(probingSince: number): number {
    return Math.min(Math.max(FIRST_ASK_MS, this.#now() - probingSince), SELDOMEST_ASK_MS);
  }

  #allow(permit: Permit): Admission {
    this.#underWay += 1;
    const over = (report: () => void) => () => {
      this.#underWay -= 1;
      report();
    };
    const { succeeded, failed, dropped } = permit;
    return {
      allowed: true,
      permit: { succeeded: over(succeeded), failed: over(failed), dropped: over(dropped) },
    };
  }

  /** What was under way when the circuit opened says nothing new, even if it ends after the circuit has closed. */
  #request(): Permit {
    const openedBefore = this.#timesOpened;
    const count = (failures: 0 | 1) => {
      if (this.#timesOpened === openedBefore) this.#count(failures);
    };
    return { succeeded: () => count(0), failed: () => count(1), dropped: () => undefined };
  }

  #probe(open: Opening): Permit {
    return {
      succeeded: () => {
        this.#open = null;
        this.#seconds = [];
        this.#onChange('closed');
      },
      failed: () => {
        const intervalMs = Math.min(2 * open.intervalMs, LONGEST_PROBE_MS);
        this.#open = { intervalMs, probeAt: this.#now() + intervalMs, probingSince: null };
      },
      dropped: () => {
        open.probingSince = null;
      },
    };
  }

  #count(failures: 0 | 1): void {
    this.#forget();
    const second = Math.floor(this.#now() / 1_000);
    const last = this.#seconds.at(-1);
    if (last?.second === second) {
      last.attempts += 1;
      last.failures += failures;
    } else this.#seconds.push({ second, attempts: 1, failures });
    if (this.#isFailing()) {
      this.#timesOpened += 1;
      this.#open = { intervalMs: FIRST_PROBE_MS, probeAt: this.#now() + FIRST_PROBE_MS, probingSince: null };
      this.#onChange('open');
    }
  }

  #isFailing(): boolean {
    const sum = (of: 'attempts' | 'failures') => this.#seconds.reduce((total, each) => total + each[of], 0);
    const attempts = sum('attempts');
    return attempts >= LEAST_ATTEMPTS && sum('failures') >= FAILED_SHARE * attempts;
  }

  #forget(): void {
    const oldest = Math.floor(this.#now() / 1_000) - WINDOW_S;
    this.#seconds = this.#seconds.filter(({ second }) => second > oldest);
  }
}
