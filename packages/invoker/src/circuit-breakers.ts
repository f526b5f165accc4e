import { type Admission, type BreakerState, CircuitBreaker } from './circuit-breaker.ts';

export interface CircuitBreakersOptions {
  /** Milliseconds that never go back, as the process's own clock has them, which is the default. */
  now?: () => number;
  /** Told when a function's circuit opens or closes. */
  onChange: (functionId: string, state: BreakerState) => void;
}

const SWEEP_MS = 60_000;

/** The circuit breakers of all functions that this process invokes. Each process finds out by itself. */
export class CircuitBreakers {
  readonly #options: Required<CircuitBreakersOptions>;
  readonly #breakers = new Map<string, CircuitBreaker>();
  #sweptAt: number;

  constructor({ now = () => performance.now(), onChange }: CircuitBreakersOptions) {
    this.#options = { now, onChange };
    this.#sweptAt = now();
  }

  /** Asks whether a function may be invoked now. */
  admit(functionId: string): Admission {
    this.#sweep();
    const { now, onChange } = this.#options;
    const breaker =
      this.#breakers.get(functionId) ?? new CircuitBreaker(now, (state) => onChange(functionId, state));
    this.#breakers.set(functionId, breaker);
    return breaker.admit();
  }

  /** How many functions' circuits are open, those that are being probed included. */
  get openCount(): number {
    this.#sweep();
    return [...this.#breakers.values()].filter((breaker) => breaker.isOpen).length;
  }

  /** Forgets functions that were not invoked for a while, so that a million of them don't stay in memory. */
  #sweep(): void {
    const now = this.#options.now();
    if (now - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = now;
    for (const [functionId, breaker] of this.#breakers) {
      if (breaker.isIdle) this.#breakers.delete(functionId);
    }
  }
}
