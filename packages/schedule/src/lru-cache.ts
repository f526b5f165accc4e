/**
 * A bounded map: when it is full, entries that have not been used for long make room. It keeps them in two halves and
 * drops the older half at once, because to put every entry that is used in its exact place takes as long as a search.
 */
export class LruCache<Value, Key = string> {
  #recent = new Map<Key, Value>();
  #older = new Map<Key, Value>();
  readonly #half: number;

  constructor(capacity: number) {
    this.#half = Math.ceil(capacity / 2);
  }

  /** The value kept under `key`; if there is none, `make`s and keeps it. What `make` throws is not kept. */
  getOrMake(key: Key, make: () => Value): Value {
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const value = this.#older.get(key) ?? make();
    this.#keep(key, value);
    return value;
  }

  #keep(key: Key, value: Value): void {
    if (this.#recent.size >= this.#half) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, value);
  }
}
