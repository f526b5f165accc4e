import { setImmediate as nextTurn } from 'node:timers/promises';

import { Client, type ClientConfig, DatabaseError } from 'pg';

const LOOK_INTERVAL_MS = 250;
/** A statement that takes so long is worth a question. */
const SUSPICIOUS_MS = 500;
/** With the above it leaves a caller without a database about 2 s without an answer. */
const ASK_TIMEOUT_MS = 1_500;
/** After it a statement is lost of which the server says nothing: it is full, or a pooler before it has pids of its own. */
const DEADLINE_MS = 15_000;

interface Statement {
  session: Client;
  /** By the process's own clock, which is never set forward. */
  sentAt: number;
}

/** What the server says of backends. */
interface Told {
  /** They have had nothing to do for a while. */
  idle: ReadonlySet<number>;
  /** They are at a statement, and have not begun to answer. */
  busy: ReadonlySet<number>;
}

/**
 * Finds half-open sessions, which would never answer nor report anything: when a statement takes its time, the server is
 * asked on a new connection whether it is at it. If it is not, or if nobody answers there either, the session is cut.
 * Whoever waits for the statement gets an error, and the pool opens another session. What the server is at may take as long
 * as it likes: a migration of many rows, say, or an audit of all accounts.
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
    const statement = { session, sentAt: performance.now() };
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
    const suspicious = [...this.#statements].filter((statement) => ageOf(statement) >= SUSPICIOUS_MS);
    if (suspicious.length === 0 || this.#isAsking) return;
    this.#isAsking = true;
    const received = new Map(suspicious.map((statement) => [statement, bytesFor(statement)]));
    const told = await askAbout(
      this.#connection,
      suspicious.map(({ session }) => backendOf(session)),
    );
    // A busy process first takes in what has arrived meanwhile.
    await nextTurn();
    this.#isAsking = false;
    const silent = suspicious.filter((statement) => received.get(statement) === bytesFor(statement));
    // One that has its answer by now is no longer among them.
    const lost = silent.filter((statement) => this.#statements.has(statement) && isLost(statement, told));
    for (const { session } of lost) session.connection.stream.destroy();
    if (lost.length > 0) this.#onHalfOpen();
  }
}

function isLost(statement: Statement, { idle, busy }: Told): boolean {
  const backend = backendOf(statement.session);
  return idle.has(backend) || (ageOf(statement) >= DEADLINE_MS && !busy.has(backend));
}

/** How much has come in its session. */
function bytesFor({ session }: Statement): number {
  return Number(Reflect.get(session.connection.stream, 'bytesRead'));
}

/** In milliseconds. */
function ageOf({ sentAt }: Statement): number {
  return performance.now() - sentAt;
}

/** What the server says of backends; if it can't be reached, they count as idle. */
async function askAbout(connection: ClientConfig, backends: number[]): Promise<Told> {
  const client = new Client({
    ...connection,
    connectionTimeoutMillis: ASK_TIMEOUT_MS,
    query_timeout: ASK_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ pid: number; isIdle: boolean }>(
      `SELECT pid, state <> 'active' AS "isIdle" FROM pg_stat_activity
       WHERE pid = ANY($1::int[])
         AND CASE state WHEN 'active' THEN wait_event IS DISTINCT FROM 'ClientWrite'
             ELSE state LIKE 'idle%' AND state_change < clock_timestamp() - make_interval(secs => $2) END`,
      [backends, SUSPICIOUS_MS / 1_000],
    );
    const pids = (isIdle: boolean) =>
      new Set(rows.filter((row) => row.isIdle === isIdle).map(({ pid }) => pid));
    return { idle: pids(true), busy: pids(false) };
  } catch (error) {
    // A server that refuses, for it is full or starting, ends its sessions by itself if need be.
    return { idle: new Set(error instanceof DatabaseError ? [] : backends), busy: new Set() };
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
