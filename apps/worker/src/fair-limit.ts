/** Who asks for a place. */
export interface Claimant {
  accountId: string;
  functionId: string;
}

interface Waiting {
  /** It came after so many others. */
  turn: number;
  begin: () => void;
}

/** What waits, by function, in its order. */
type Queues = Map<string, Waiting[]>;

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
  /** By account. */
  readonly #waiting = new Map<string, Queues>();
  readonly #running = new Map<string, number>();
  readonly #runningOf = new Map<string, number>();
  #taken = 0;
  #turns = 0;

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

  async #place({ accountId, functionId }: Claimant): Promise<void> {
    await new Promise<void>((begin) => {
      const queues = entryOf(this.#waiting, accountId, () => new Map<string, Waiting[]>());
      entryOf(queues, functionId, (): Waiting[] => []).push({ turn: this.#turns++, begin });
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
      this.#take(next);
      this.#dequeue(next)?.begin();
    }
  }

  #take({ accountId, functionId }: Claimant): void {
    this.#taken += 1;
    add(this.#running, accountId, 1);
    add(this.#runningOf, functionId, 1);
  }

  /** Who may begin next, if anybody may: of the account that has least, what came first. */
  #next(): Claimant | null {
    let next: Claimant | null = null;
    let least = Infinity;
    for (const [accountId, queues] of this.#waiting) {
      const own = this.#placesOf(accountId);
      if (own >= least || !this.#mayTakeOne(accountId)) continue;
      const functionId = this.#firstOf(queues);
      if (functionId === null) continue;
      [next, least] = [{ accountId, functionId }, own];
    }
    return next;
  }

  #firstOf(queues: Queues): string | null {
    let first: string | null = null;
    let turn = Infinity;
    for (const [functionId, [head]] of queues) {
      if (head === undefined || head.turn >= turn || !this.#mayInvoke(functionId)) continue;
      [first, turn] = [functionId, head.turn];
    }
    return first;
  }

  #dequeue({ accountId, functionId }: Claimant): Waiting | undefined {
    const queues = this.#waiting.get(accountId);
    const queue = queues?.get(functionId);
    const first = queue?.shift();
    if (queue?.length === 0) queues?.delete(functionId);
    if (queues?.size === 0) this.#waiting.delete(accountId);
    return first;
  }

  #mayInvoke(functionId: string): boolean {
    const running = this.#runningOf.get(functionId) ?? 0;
    return running === 0 || running < FUNCTION_FACTOR * this.#unreserved;
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

function entryOf<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const entry = map.get(key) ?? create();
  map.set(key, entry);
  return entry;
}

function add(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
