import type { Pool, PoolClient } from 'pg';

import { waitUntil } from './wait-until.ts';

/** When a connection is lost: before a statement is sent, when it was executed and not answered, or after its answer. */
export const LOSSES = ['before', 'answer', 'after'] as const;
export type Loss = (typeof LOSSES)[number];

/** The nth statement, counted from 0, and how its connection is lost. */
export interface Fault {
  nth: number;
  loss: Loss;
}

export interface WatchedStatements {
  /** Every statement so far, as it was sent. */
  sent: string[];
  /** Lets everything pass again, and waits until the server has noticed what was lost. */
  stop(): Promise<void>;
}

/** Watches the statements of clients that a pool hands out, and breaks a connection for good if there is to be a fault. */
export function watchStatements(pool: Pool, fault: Fault | null = null): WatchedStatements {
  const sent: string[] = [];
  const lost: unknown[] = [];
  const connect = pool.connect.bind(pool);

  const watched = (client: PoolClient): PoolClient => {
    const send: (...args: unknown[]) => unknown = client.query.bind(client);
    const sendWatched = async (...args: unknown[]): Promise<unknown> => {
      const nth = sent.push(String(args[0]).trim().replaceAll(/\s+/g, ' ')) - 1;
      const loss = fault?.nth === nth ? fault.loss : null;
      if (loss !== null) lost.push(Reflect.get(client, 'processID'));
      if (loss === 'before') await lose(client);
      const result: unknown = await send(...args);
      if (loss !== null) await lose(client);
      if (loss === 'answer') throw new Error('Connection terminated unexpectedly');
      return result;
    };
    const handedOut: PoolClient = Object.create(client);
    return Object.defineProperty(handedOut, 'query', { value: sendWatched });
  };

  const connectWatched = (...args: [] | [Parameters<Pool['connect']>[0]]): unknown =>
    // The pool's own `query` gives a callback; it is of no interest here.
    args.length > 0 ? Reflect.apply(connect, pool, args) : connect().then(watched);
  Reflect.set(pool, 'connect', connectWatched);
  return {
    sent,
    stop: async () => {
      Reflect.deleteProperty(pool, 'connect');
      await waitUntil(async () => (await countSessions(pool, lost)) === 0);
    },
  };
}

async function lose(client: PoolClient): Promise<void> {
  const isOver = new Promise((resolve) => client.once('end', resolve));
  client.connection.stream.destroy();
  await isOver;
}

async function countSessions(pool: Pool, pids: readonly unknown[]): Promise<number> {
  const { rows } = await pool.query<object>('SELECT FROM pg_stat_activity WHERE pid = ANY($1::int[])', [
    pids,
  ]);
  return rows.length;
}

export interface Transactional<T> {
  /** Prepares a fresh state. */
  arrange: () => Promise<T>;
  /** What is to happen as a whole or not at all; tried again after it has failed. */
  attempt: (arranged: T) => Promise<unknown>;
  /** The state in lines, without anything that differs from one time to the next. */
  observe: (arranged: T) => Promise<string[]>;
}

/** What came of an attempt whose connection was lost. */
export interface Survival {
  fault: string;
  /** Whether the attempt said that it failed. */
  failed: boolean;
  /** Whether its transaction was committed, after all that is known of the fault. */
  committed: boolean;
  state: string[];
  /** The state after a second try. */
  retried: string[];
}

export interface Survivals {
  statements: string[];
  before: string[];
  /** After one attempt, and after two. */
  once: string[];
  twice: string[];
  survivals: Survival[];
}

/** Breaks an attempt's connection at each of the statements that it sends, in each way, and tries again. */
export async function loseEachConnection<T>(pool: Pool, subject: Transactional<T>): Promise<Survivals> {
  const { arrange, attempt, observe } = subject;
  const arranged = await arrange();
  const before = await observe(arranged);
  const watch = watchStatements(pool);
  await attempt(arranged);
  await watch.stop();
  const once = await observe(arranged);
  await attempt(arranged);
  const twice = await observe(arranged);
  const survivals: Survival[] = [];
  for (const nth of watch.sent.keys()) {
    // After the answer to a statement is before the next one.
    const losses = nth === watch.sent.length - 1 ? LOSSES : LOSSES.filter((loss) => loss !== 'after');
    for (const loss of losses) survivals.push(await loseConnection(pool, subject, { nth, loss }));
  }
  return { statements: watch.sent, before, once, twice, survivals };
}

async function loseConnection<T>(
  pool: Pool,
  { arrange, attempt, observe }: Transactional<T>,
  fault: Fault,
): Promise<Survival> {
  const arranged = await arrange();
  const watch = watchStatements(pool, fault);
  const failed = await attempt(arranged).then(
    () => false,
    () => true,
  );
  await watch.stop();
  const statement = watch.sent[fault.nth] ?? 'nothing';
  const state = await observe(arranged);
  await attempt(arranged);
  return {
    fault: `${fault.loss} ${fault.nth}: ${statement.slice(0, 60)}`,
    failed,
    committed: statement.toLowerCase() === 'commit' && fault.loss !== 'before',
    state,
    retried: await observe(arranged),
  };
}

/** All that is not as it should be, in words: each loss leaves all or nothing, and a second try leaves all, once. */
export function survivalFaults({ before, once, twice, survivals }: Survivals): string[] {
  return survivals.flatMap(({ fault, failed, committed, state, retried }) => [
    ...differences(committed ? once : before, state).map((line) => `${fault}: ${line}`),
    ...differences(committed ? twice : once, retried).map((line) => `${fault}, second try: ${line}`),
    ...(failed === (committed && fault.startsWith('after')) ? [`${fault}: failed is ${failed}`] : []),
  ]);
}

function differences(expected: readonly string[], found: readonly string[]): string[] {
  const missing = [...expected];
  const surplus = found.filter((line) => {
    const at = missing.indexOf(line);
    if (at >= 0) missing.splice(at, 1);
    return at < 0;
  });
  return [...missing.map((line) => `- ${line}`), ...surplus.map((line) => `+ ${line}`)];
}
