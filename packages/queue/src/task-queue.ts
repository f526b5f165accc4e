import type { Phase } from '@automation/domain';
import { type Kysely, type QueryExecutorProvider, sql, type Transaction } from 'kysely';
import { type BackendProfile, PgBoss, type Warning } from 'pg-boss';

import { asError } from './as-error.ts';
import { type Consumer, type ConsumerOptions, TaskConsumer } from './consumer.ts';
import { JOBS, QUEUE_OPTIONS, QUEUES, SCHEMA, SUPERVISE_SECONDS } from './queues.ts';
import type { Task } from './task.ts';
import { createTaskWriter, type TaskWriter } from './task-writer.ts';

/** The session that hears notifications; `@automation/store`'s listener is one. */
export interface NotificationListener {
  listen(
    channel: string,
    onNotification: (payload: string) => void,
    onReconnect: () => void,
  ): Promise<{ close(): Promise<void> }>;
}

/** How many tasks of a phase are not done yet. */
export interface TaskCounts {
  /** May be taken, and nobody has. */
  waiting: number;
  /** Are not to be taken before their time. */
  delayed: number;
  /** Are in workers' hands. */
  active: number;
}

/** What kind of server pg-boss is told that it has: those on which our own SQL runs, too. */
export type QueueBackend = Extract<BackendProfile, 'postgres' | 'citus'>;

interface QueryResult {
  rows: unknown[];
}

export interface TaskQueueOptions {
  /** Runs statements outside of any transaction, e.g. a pg pool. */
  pool: { query(text: string, values?: unknown[]): Promise<QueryResult | QueryResult[]> };
  /** What hears of tasks, in a process that consumes them; others need none. */
  listener?: NotificationListener;
  /** `postgres` unless it is said. */
  backend?: QueueBackend;
  /** Whether this process looks after the queues: dead workers' tasks, old tasks. One process at least has to. */
  supervise: boolean;
  /** Told what pg-boss reports of its background work; nothing of it loses a task. */
  onError: (error: Error) => void;
}

/** The two queues of tasks, on pg-boss. */
export interface TaskQueue {
  /** Throws if the queues are not installed (`installQueues`), or if their notifications can't be heard. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Runs a transaction in which tasks are enqueued and completed. Throws what the work throws, and nothing has happened then. */
  transaction<DB, T>(
    db: Kysely<DB>,
    work: (trx: Transaction<DB>, tasks: TaskWriter) => Promise<T>,
  ): Promise<T>;
  /** Of those tasks, the ones that are still to be worked off. */
  findLive(db: QueryExecutorProvider, phase: Phase, taskIds: readonly string[]): Promise<Set<string>>;
  /** The oldest tasks that nobody has taken for so many seconds after their time. */
  findIdle(
    db: QueryExecutorProvider,
    phase: Phase,
    options: { seconds: number; limit: number },
  ): Promise<Task[]>;
  /** Removes tasks that there is nothing to do for, unless somebody has taken them meanwhile; answers how many. */
  remove(db: QueryExecutorProvider, phase: Phase, taskIds: readonly string[]): Promise<number>;
  /** Counts the tasks that are still to be worked off. */
  count(db: QueryExecutorProvider): Promise<Record<Phase, TaskCounts>>;
  /** Starts fetching tasks of a phase. */
  consume(phase: Phase, options: ConsumerOptions): Consumer;
}

/** Prepares the queue; nothing connects before `start`. */
export function createTaskQueue(options: TaskQueueOptions): TaskQueue {
  return new PgBossTaskQueue(options);
}

/** Creates pg-boss's tables and the two queues, or brings them up to date. Safe from many replicas at once. */
export async function installQueues(url: string, backend: QueueBackend = 'postgres'): Promise<void> {
  const boss = new PgBoss({
    connectionString: url,
    schema: SCHEMA,
    backend,
    ...QUIET,
    supervise: false,
    max: 2,
  });
  boss.on('error', () => undefined);
  await boss.start();
  try {
    const { partition, ...changeable } = QUEUE_OPTIONS;
    for (const name of Object.values(QUEUES)) {
      await boss.createQueue(name, { partition, ...changeable });
      // One that is there already is left as it was by that.
      await boss.updateQueue(name, changeable);
    }
  } finally {
    await boss.stop({ graceful: false });
  }
}

/** What of pg-boss's background work we don't use. */
const QUIET = { schedule: false, registerInstance: false, persistWarnings: false } as const;

/** pg-boss's warning that it can't listen: it would go on by polling, and not try again. */
const DEAF = 'listen_notify_unavailable';

class PgBossTaskQueue implements TaskQueue {
  readonly #boss: PgBoss;
  readonly #consumers = new Set<{ phase: Phase; consumer: Consumer }>();

  constructor(options: TaskQueueOptions) {
    const { listener } = options;
    this.#boss = new PgBoss({
      schema: SCHEMA,
      backend: options.backend ?? 'postgres',
      ...QUIET,
      migrate: false,
      createSchema: false,
      supervise: options.supervise,
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
      maintenanceIntervalSeconds: 60,
      useListenNotify: listener !== undefined,
      db: {
        executeSql: async (text, values) => {
          const result = await options.pool.query(text, values);
          // pg answers a text of several statements with as many results; pg-boss wants the rows of all.
          return { rows: Array.isArray(result) ? result.flatMap(({ rows }) => rows) : result.rows };
        },
        ...(listener && { listen: this.#listenBy(listener) }),
      },
    });
    this.#boss.on('error', (error) => options.onError(asError(error)));
  }

  async start(): Promise<void> {
    const faults: unknown[] = [];
    const onWarning = ({ data }: Warning) => {
      if ('type' in data && data.type === DEAF) faults.push('error' in data ? data.error : data);
    };
    this.#boss.on('warning', onWarning);
    try {
      await this.#boss.start();
    } finally {
      this.#boss.off('warning', onWarning);
    }
    if (faults.length === 0) return;
    await this.#boss.stop({ graceful: false });
    throw new Error(`cannot hear of tasks: ${String(faults[0])}`);
  }

  async stop(): Promise<void> {
    try {
      await Promise.all([...this.#consumers].map(({ consumer }) => consumer.stop()));
    } finally {
      await this.#boss.stop({ graceful: false });
    }
  }

  async transaction<DB, T>(
    db: Kysely<DB>,
    work: (trx: Transaction<DB>, tasks: TaskWriter) => Promise<T>,
  ): Promise<T> {
    return db.transaction().execute((trx) => work(trx, createTaskWriter(this.#boss, trx)));
  }

  async findLive(db: QueryExecutorProvider, phase: Phase, taskIds: readonly string[]): Promise<Set<string>> {
    if (taskIds.length === 0) return new Set();
    const { rows } = await sql<{ id: string }>`
      SELECT id FROM ${JOBS} WHERE name = ${QUEUES[phase]} AND id = ANY(${taskIds}::uuid[]) AND state <= 'active'`.execute(
      db,
    );
    return new Set(rows.map(({ id }) => id));
  }

  async findIdle(
    db: QueryExecutorProvider,
    phase: Phase,
    { seconds, limit }: { seconds: number; limit: number },
  ): Promise<Task[]> {
    // None of ours is blocked: that leads to the index of what is to be fetched, past all that is done.
    const { rows } = await sql<{ id: string; data: { executionIds: string[] } }>`
      SELECT id, data FROM ${JOBS}
      WHERE name = ${QUEUES[phase]} AND state < 'active' AND NOT blocked
        AND start_after < now() - make_interval(secs => ${seconds})
      ORDER BY start_after LIMIT ${limit}`.execute(db);
    return rows.map(({ id, data }) => ({ id, executionIds: data.executionIds }));
  }

  async remove(db: QueryExecutorProvider, phase: Phase, taskIds: readonly string[]): Promise<number> {
    if (taskIds.length === 0) return 0;
    const { rows } = await sql`
      DELETE FROM ${JOBS} WHERE name = ${QUEUES[phase]} AND id = ANY(${taskIds}::uuid[]) AND state < 'active'
      RETURNING id`.execute(db);
    return rows.length;
  }

  async count(db: QueryExecutorProvider): Promise<Record<Phase, TaskCounts>> {
    // With the states listed, the index of the live tasks is known to have all that is asked for.
    const { rows } = await sql<TaskCounts & { name: string }>`
      SELECT name, count(*) FILTER (WHERE state < 'active' AND start_after <= now())::int AS waiting,
        count(*) FILTER (WHERE state < 'active' AND start_after > now())::int AS delayed,
        count(*) FILTER (WHERE state = 'active')::int AS active
      FROM ${JOBS} WHERE name = ANY(${Object.values(QUEUES)}::text[]) AND state IN ('created', 'retry', 'active')
      GROUP BY name`.execute(db);
    const ofPhase = (phase: Phase): TaskCounts => {
      const row = rows.find(({ name }) => name === QUEUES[phase]);
      return { waiting: row?.waiting ?? 0, delayed: row?.delayed ?? 0, active: row?.active ?? 0 };
    };
    return { check: ofPhase('check'), perform: ofPhase('perform') };
  }

  consume(phase: Phase, options: ConsumerOptions): Consumer {
    const consumer = new TaskConsumer(this.#boss, QUEUES[phase], options);
    this.#consumers.add({ phase, consumer });
    consumer.start();
    return consumer;
  }

  /** pg-boss's own workers poll queue by queue; ours fetch by themselves, so they take its wake-ups over. */
  #listenBy(listener: NotificationListener): NotificationListener['listen'] {
    return (channel, onNotification, onReconnect) =>
      listener.listen(
        channel,
        (queue) => {
          this.#wake(queue);
          onNotification(queue);
        },
        () => {
          for (const queue of Object.values(QUEUES)) this.#wake(queue);
          onReconnect();
        },
      );
  }

  #wake(queue: string): void {
    for (const { phase, consumer } of this.#consumers) if (QUEUES[phase] === queue) consumer.wake();
  }
}
