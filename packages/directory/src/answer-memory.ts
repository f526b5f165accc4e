import { LRUCache } from 'lru-cache';

/** Answers that are kept at most; those that were not asked for the longest go first. */
const MOST_KEPT = 10_000;
/** For so long an answer counts without another look. */
const FRESH_MS = 30_000;
/** That there is nothing counts for less: who has just made something wants to use it. */
const ABSENT_MS = 5_000;
/** For so long an answer goes on counting while no newer one is to be had. */
const STALE_MS = 300_000;
/** After a failure nobody asks again for so long. */
const REST_MS = 1_000;

interface Entry<T> {
  /** Undefined: there is no such thing. Null: not known yet. */
  answer: { value: T | undefined; since: number } | null;
  /** The request under way, which all who ask share. */
  asking: Promise<T | undefined> | null;
  failure: { error: unknown; since: number } | null;
}

/** The answers of a service that is asked over and over for the same things, and that is down at times. */
export class AnswerMemory<T extends object> {
  readonly #entries = new LRUCache<string, Entry<T>>({ max: MOST_KEPT });

  /**
   * What `ask` answers to that key; undefined if there is no such thing. Throws what `ask` throws, unless an answer of the
   * last minutes can stand in.
   */
  async find(key: string, ask: () => Promise<T | undefined>): Promise<T | undefined> {
    const entry = this.#entries.get(key) ?? this.#newEntry(key);
    const { answer } = entry;
    if (answer !== null && isYounger(answer, answer.value === undefined ? ABSENT_MS : FRESH_MS)) {
      return answer.value;
    }
    try {
      return await askTogether(entry, ask);
    } catch (error) {
      if (answer?.value !== undefined && isYounger(answer, STALE_MS)) return answer.value;
      throw error;
    }
  }

  #newEntry(key: string): Entry<T> {
    const entry = { answer: null, asking: null, failure: null };
    this.#entries.set(key, entry);
    return entry;
  }
}

/** Asks, or waits for who is asking already. Fails at once if that has failed a moment ago. */
async function askTogether<T>(entry: Entry<T>, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  if (entry.failure !== null && isYounger(entry.failure, REST_MS)) throw entry.failure.error;
  return (entry.asking ??= askOnce(entry, ask));
}

async function askOnce<T>(entry: Entry<T>, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    const value = await ask();
    entry.answer = { value, since: performance.now() };
    entry.failure = null;
    return value;
  } catch (error) {
    entry.failure = { error, since: performance.now() };
    throw error;
  } finally {
    entry.asking = null;
  }
}

function isYounger({ since }: { since: number }, ms: number): boolean {
  return performance.now() - since < ms;
}
