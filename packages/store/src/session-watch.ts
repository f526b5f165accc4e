import { Client, type ClientConfig, DatabaseError } from 'pg';

const LOOK_INTERVAL_MS = 250;
/** A statement that takes so long is worth a question. */
const SUSPICIOUS_MS = 500;
/** With the above it leaves a caller without a database about 2 s without an answer. */
const ASK_TIMEOUT_MS = 1_500;
/** Longer than any statement of ours takes. */
const DEADLINE_MS = 15_000;

interface Statement {
  session: Client;
  sentAt: number;
}

/**
 * Finds half-open sessions, which would never answer nor report anything: when a statement takes its time, the server is
 * asked on a new connection whether it is at it. If it is not, or if nobody answers there either, the session is cut.
 * Whoever waits for the statement gets an error, and the pool opens another session.
 */
export class SessionWatch {
  readonly #connection: ClientConfig;
  readonly #onHalfOpen: () => void;
  readonly #statements = new Set<Statement>();
  #timer: NodeJS.Timeout | null = null;
  #isAsking = false;

  constructor(connection: ClientConfig, onHalfOpen: () => void) {
    this.#connection = connection;
    this.#onHalfOpen = onHalfOpen;
  }

  /** Watches over a statement that a session has sent; to be called back when it is answered. */
  sent(session: Client): () => void {
    const statement = { session, sentAt: Date.now() };
    this.#statements.add(statement);
    this.#timer ??= setInterval(() => void this.#look(), LOOK_INTERVAL_MS);
    return () => {
      this.#statements.delete(statement);
      if (this.#statements.size > 0 || this.#timer === null) return;
      clearInterval(this.#timer);
      this.#timer = null;
    };
  }

  async #look(): Promise<void> {
    const suspicious = [...this.#statements].filter(({ sentAt }) => sentAt <= Date.now() - SUSPICIOUS_MS);
    if (suspicious.length === 0 || this.#isAsking) return;
    this.#isAsking = true;
    const idle = await findIdle(
      this.#connection,
      suspicious.map(({ session }) => backendOf(session)),
    );
    this.#isAsking = false;
    // One that has its answer by now is no longer among them.
    const lost = suspicious.filter((statement) => this.#statements.has(statement) && isLost(statement, idle));
    for (const { session } of lost) session.connection.stream.destroy();
    if (lost.length > 0) this.#onHalfOpen();
  }
}

function isLost({ session, sentAt }: Statement, idle: ReadonlySet<number>): boolean {
  return idle.has(backendOf(session)) || sentAt <= Date.now() - DEADLINE_MS;
}

/** Of backends those that have had nothing to do for a while; all of them if the server can't be reached. */
async function findIdle(connection: ClientConfig, backends: number[]): Promise<Set<number>> {
  const client = new Client({
    ...connection,
    connectionTimeoutMillis: ASK_TIMEOUT_MS,
    query_timeout: ASK_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity
       WHERE pid = ANY($1::int[]) AND state LIKE 'idle%'
         AND state_change < clock_timestamp() - make_interval(secs => $2)`,
      [backends, SUSPICIOUS_MS / 1_000],
    );
    return new Set(rows.map(({ pid }) => pid));
  } catch (error) {
    // A server that refuses, for it is full or starting, ends its sessions by itself if need be.
    return new Set(error instanceof DatabaseError ? [] : backends);
  } finally {
    client.connection.stream.destroy();
  }
}

/** pg's types don't know it. */
function backendOf(session: Client): number {
  return Number(Reflect.get(session, 'processID'));
}

/** A client whose statements are watched, however they are sent; only cursors take their time. */
export function clientWatchedBy(watch: SessionWatch, Session: typeof Client): typeof Client {
  return class extends Session {
    constructor(config?: string | ClientConfig) {
      super(config);
      const send = this.query.bind(this);
      // `query` has many signatures, which differ in nothing that matters here.
      Object.defineProperty(this, 'query', {
        value: (...statement: unknown[]) => {
          const answered = watch.sent(this);
          const callback = statement.at(-1);
          if (typeof callback === 'function') {
            statement[statement.length - 1] = (...answer: unknown[]) => {
              answered();
              Reflect.apply(callback, undefined, answer);
            };
          }
          const answer: unknown = Reflect.apply(send, this, statement);
          if (answer instanceof Promise) answer.then(answered, answered);
          else if (typeof callback !== 'function') answered();
          return answer;
        },
      });
    }
  };
}
