import { Client } from 'pg';

/** Uses in a session after which a statement is worth keeping. */
const USES_BEFORE = 4;
/** What a session keeps at most: the server remembers each statement for as long as the session lasts. */
const MOST_PREPARED = 200;
/** Texts whose uses are counted: some have values in them, and never come again. */
const MOST_COUNTED = 1_000;

/**
 * Read or written by its days: which of them a statement needs can be told by its values only, so that a plan for any
 * values is far from the best one. (One of them ended in a crash of PostgreSQL 18.4, in `perform_pruning_base_step`.)
 */
const PARTITIONED = 'automation_executions';

/** Which statements of a session are prepared, and under which names. */
class PreparedStatements {
  readonly #uses = new Map<string, number>();
  readonly #names = new Map<string, string>();

  /** The name under which a statement is to be sent; undefined if it is used too seldom. */
  nameOf(text: string): string | undefined {
    const name = this.#names.get(text);
    if (name !== undefined || this.#names.size >= MOST_PREPARED || !canBePrepared(text)) return name;
    if (this.#uses.size >= MOST_COUNTED) this.#uses.clear();
    const uses = this.#uses.get(text) ?? 0;
    this.#uses.set(text, uses + 1);
    if (uses < USES_BEFORE) return undefined;
    this.#uses.delete(text);
    const newName = `statement_${this.#names.size + 1}`;
    this.#names.set(text, newName);
    return newName;
  }
}

/** What is several statements can't be. */
function canBePrepared(text: string): boolean {
  return !text.includes(';') && !text.includes(PARTITIONED);
}

/**
 * A client that has the statements which its session uses again and again parsed and planned once, since that costs more
 * than most of them do by themselves. They have to name their columns: once a table has got another one, the server
 * refuses what was prepared with `SELECT *`.
 */
export class PreparingClient extends Client {
  readonly #prepared = new PreparedStatements();

  static {
    // `query` has many signatures, of which only those with a text and its values matter here.
    const query: unknown = Reflect.get(Client.prototype, 'query');
    if (typeof query !== 'function') throw new Error('pg has no Client.query');
    Object.defineProperty(this.prototype, 'query', {
      value(this: PreparingClient, text: unknown, ...rest: unknown[]): unknown {
        const isWhole = typeof text === 'string' && Array.isArray(rest[0]);
        const name = isWhole ? this.#prepared.nameOf(text) : undefined;
        return Reflect.apply(query, this, [name === undefined ? text : { name, text }, ...rest]);
      },
    });
  }
}
