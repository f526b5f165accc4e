import { withDeadline } from './deadline.ts';
import { errorMessage } from './error-message.ts';

/** Resolves, or rejects with the reason. */
type Check = () => Promise<void>;

/** The answer to GET /readyz. */
export interface ReadinessReport {
  readonly httpStatus: 200 | 503;
  readonly body: {
    readonly status: 'ready' | 'unavailable';
    /** `ok`, or what is wrong. */
    readonly checks: Readonly<Record<string, string>>;
  };
}

const deadlineMs = 1000;

/** What must work before a process can (SPEC 5, `GET /readyz`). */
export class Readiness {
  readonly #checks: Map<string, Check>;
  #underWay: Promise<ReadinessReport> | null = null;

  constructor(checks: Readonly<Record<string, Check>>) {
    this.#checks = new Map(Object.entries(checks));
  }

  /** From now on it is not ready, whatever works: a process that is about to end wants no more requests. */
  withdraw(): void {
    this.#checks.set('shutdown', () => Promise.reject(new Error('under way')));
    this.#underWay = null;
  }

  /**
   * Runs every check side by side, each for one second at most; does not throw. Who asks meanwhile gets the same report, as
   * anybody may ask, and a flood of them is not to reach the database.
   */
  async report(): Promise<ReadinessReport> {
    if (this.#underWay !== null) return this.#underWay;
    const report = this.#check();
    this.#underWay = report;
    try {
      return await report;
    } finally {
      if (this.#underWay === report) this.#underWay = null;
    }
  }

  async #check(): Promise<ReadinessReport> {
    const checks = await Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, await outcomeOf(check)] as const),
    );
    const ready = checks.every(([, outcome]) => outcome === 'ok');
    return {
      httpStatus: ready ? 200 : 503,
      body: { status: ready ? 'ready' : 'unavailable', checks: Object.fromEntries(checks) },
    };
  }
}

async function outcomeOf(check: Check): Promise<string> {
  try {
    await withDeadline(deadlineMs, check);
    return 'ok';
  } catch (error) {
    return errorMessage(error);
  }
}
