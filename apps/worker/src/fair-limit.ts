/** Who asks for a place. */
export interface Claimant {
  accountId: string;
  functionId: string;
}

interface Waiting {
  claimant: Claimant;
  begin: () => void;
}

/** This share of the places is for accounts that have none. */
const RESERVE = 0.1;
/** Of the others an account alone gets eight of nine, and one function four of five. */
const ACCOUNT_FACTOR = 8;
const FUNCTION_FACTOR = 4;

/**
 * The places of a worker, shared so that no account's flood holds up another's single execution, and no slow function the
 * others of its account (SPEC 4). An account or a function may have another place while it has less than a multiple of
 * those that are free: one alone gets most of them, several share them, and nobody's share is fixed (dynamic thresholds;
 * Choudhury and Hahne, 1998). Of the accounts that wait, the one that has least comes first.
 */
export class FairLimit {
  readonly #places: number;
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #running = new Map<string, number>();
  readonly #runningOf = new Map<string, number>();
  #taken = 0;

  constructor(places: number) {
    this.#places = places;
  }

  get hasRoom(): boolean {
    return this.#taken < this.#places;
  }

  /** Accounts with more work here than they may have places for now. */
  get busyAccounts(): string[] {
    const full = [...this.#running.keys()].filter((accountId) => !this.#mayTakeOne(accountId));
    return [...new Set([...this.#waiting.keys(), ...full])];
  }

  /** Does the work as soon as there is a place for it. */
  async run<T>(claimant: Claimant, work: () => Promise<T>): Promise<T> {
    await this.#place(claimant);
    try {
      return await work();
    } finally {
      this.#leave(claimant);
    }
  }

  async #place(claimant: Claimant): Promise<void> {
    const { accountId } = claimant;
    await new Promise<void>((begin) => {
      const queue = this.#waiting.get(accountId) ?? [];
      queue.push({ claimant, begin });
      this.#waiting.set(accountId, queue);
      this.#beginWaiting();
    });
  }

  #leave({ accountId, functionId }: Claimant): void {
    this.#taken -= 1;
    add(this.#running, accountId, -1);
    add(this.#runningOf, functionId, -1);
    this.#beginWaiting();
  }

  #beginWaiting(): void {
    for (let next = this.#next(); next !== null; next = this.#next()) {
      this.#take(next.claimant);
      next.begin();
    }
  }

  #take({ accountId, functionId }: Claimant): void {
    this.#taken += 1;
    add(this.#running, accountId, 1);
    add(this.#runningOf, functionId, 1);
  }

  /** Takes out of the waiting what begins next, if anything may. */
  #next(): Waiting | null {
    const byShare = [...this.#waiting].toSorted(([a], [b]) => this.#placesOf(a) - this.#placesOf(b));
    for (const [accountId, queue] of byShare) {
      const index = queue.findIndex(({ claimant }) => this.#mayBegin(claimant));
      const [found] = index < 0 ? [] : queue.splice(index, 1);
      if (found === undefined) continue;
      if (queue.length === 0) this.#waiting.delete(accountId);
      return found;
    }
    return null;
  }

  #mayBegin({ accountId, functionId }: Claimant): boolean {
    const ofFunction = this.#runningOf.get(functionId) ?? 0;
    return (
      this.#mayTakeOne(accountId) && (ofFunction === 0 || ofFunction < FUNCTION_FACTOR * this.#unreserved)
    );
  }

  #mayTakeOne(accountId: string): boolean {
    const own = this.#placesOf(accountId);
    return own === 0 ? this.hasRoom : own < ACCOUNT_FACTOR * this.#unreserved;
  }

  #placesOf(accountId: string): number {
    return this.#running.get(accountId) ?? 0;
  }

  get #unreserved(): number {
    return this.#places - this.#taken - Math.floor(RESERVE * this.#places);
  }
}

function add(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
