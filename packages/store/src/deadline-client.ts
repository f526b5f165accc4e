import { Client, type ClientConfig } from 'pg';

/** Longer than any statement of ours takes, in ms. */
const STATEMENT_DEADLINE_MS = 15_000;

/**
 * A session that is cut when it doesn't answer a statement in time: the connection may be half-open, and would never
 * report anything. Whoever waits for the statement gets an error, and the pool opens another session.
 */
export class DeadlineClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    const send = this.query.bind(this);
    const sendTimed = (...statement: unknown[]) => this.#timed(Reflect.apply(send, this, statement));
    // `query` has many signatures, which differ in nothing that matters here.
    Object.defineProperty(this, 'query', { value: sendTimed });
  }

  /** Cursors and callers with a callback get no promise, and take their time. */
  #timed(answer: unknown): unknown {
    if (!(answer instanceof Promise)) return answer;
    const timer = setTimeout(() => this.connection.stream.destroy(), STATEMENT_DEADLINE_MS);
    const clear = () => clearTimeout(timer);
    answer.then(clear, clear);
    return answer;
  }
}
