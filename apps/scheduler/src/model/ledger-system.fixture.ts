import {
  cancelExecution,
  fillRoom,
  type PhaseTask,
  recordOutcomes,
  type Settled,
} from '@automation/dispatch';
import {
  AppError,
  type AttemptResult,
  createJob,
  JOB_DEFAULTS,
  type JobPatch,
  type Phase,
  missedByChange,
  settle,
  timetableChange,
  updateJob,
} from '@automation/domain';
import { createTaskQueue, installQueues, QUEUES, type TaskQueue } from '@automation/queue';
import {
  cancelWaiting,
  insertMissedRuns,
  jobs,
  type LeasedExecution,
  leaseExecutions,
  migrate,
  openStore,
  timetables,
  type Store,
} from '@automation/store';
import {
  buildCreation,
  clearLedger,
  createTestDatabase,
  type Fault,
  MANY_JOBS,
  unique,
  watchStatements,
} from '@automation/testing';

import { claimBatch } from '../claim-batch.ts';
import { CATCH_UP_WINDOW_S, type Result, RETRY_LIMIT, type Settings } from './model-job.fixture.ts';

/** A task in a queue, or in a worker's hands. */
export interface QueuedTask extends PhaseTask {
  state: string;
}

/** What a user, the schedulers and the workers do, at a time that is set. */
export interface LedgerSystem {
  store: Store;
  queue: TaskQueue;
  clear(): Promise<void>;
  setClock(now: number): Promise<void>;
  /** Answers the job's id. */
  create(settings: Settings, now: number): Promise<string>;
  /** False if it is refused. */
  change(jobId: string, changes: Partial<Settings> & { enabled?: boolean }, now: number): Promise<boolean>;
  /** Claims all that is due. False if the connection was lost before it was committed. */
  claim(fault: Fault | null): Promise<boolean>;
  /** The tasks that are not completed. */
  tasks(): Promise<QueuedTask[]>;
  /** A worker takes a task, and leases what it names. */
  take(task: QueuedTask): Promise<LeasedExecution[]>;
  /** The worker of a task is dead, and the supervisor hands the task out again. */
  handOutAgain(task: PhaseTask): Promise<void>;
  /** False if the connection was lost before it was committed. */
  record(batch: { settled: Settled[]; completed: PhaseTask[] }, fault: Fault | null): Promise<boolean>;
  cancel(id: string, jobId: string): Promise<boolean>;
  dispose(): Promise<void>;
}

/** The search path finds these before those of PostgreSQL, in every statement that is sent. */
const TEST_CLOCK = `
  CREATE SCHEMA test_clock;
  CREATE TABLE test_clock.clock AS SELECT pg_catalog.now() AS at;
  CREATE FUNCTION test_clock.now() RETURNS timestamptz STABLE LANGUAGE sql AS 'SELECT at FROM test_clock.clock';
  CREATE FUNCTION test_clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT at FROM test_clock.clock'`;

const ignore = () => undefined;

export async function openLedgerSystem(): Promise<LedgerSystem> {
  const database = await createTestDatabase(migrate, installQueues);
  const url = new URL(database.url);
  url.searchParams.set('options', '-c search_path=test_clock,pg_catalog,public');
  const store = openStore({
    url: url.href,
    poolSize: 4,
    applicationName: 'test',
    onConnectionError: ignore,
  });
  await store.pool.query(TEST_CLOCK);
  const { pool, listener } = store;
  const queue = createTaskQueue({ pool, listener, supervise: false, onError: ignore });
  await queue.start();
  const dispose = async () => {
    await queue.stop();
    await store.close();
    await database.drop();
  };
  return { ...systemOn(store, queue), dispose };
}

function systemOn(store: Store, queue: TaskQueue): Omit<LedgerSystem, 'dispose'> {
  const { pool, db } = store;
  const reason = 'cancelled by request';
  return {
    store,
    queue,
    clear: () => clearLedger(pool),
    setClock: async (now) => {
      await pool.query('UPDATE test_clock.clock SET at = $1', [new Date(now)]);
    },
    create: (settings, now) => create(store, settings, now),
    change: (jobId, changes, now) => change(store, queue, { jobId, ...changes }, now),
    claim: (fault) => withFault(store, fault, () => claimAll(store, queue)),
    tasks: () => findTasks(store),
    take: async ({ id, attempt, executionIds }) => {
      await pool.query(`UPDATE pgboss.job SET state = 'active' WHERE id = $1`, [id]);
      return leaseExecutions(db, [{ taskId: id, taskAttempt: attempt, executionIds }]);
    },
    handOutAgain: async ({ id }) => {
      await pool.query(
        `UPDATE pgboss.job SET state = 'retry', retry_count = retry_count + 1 WHERE id = $1 AND state = 'active'`,
        [id],
      );
    },
    record: (batch, fault) => withFault(store, fault, () => recordOutcomes(db, queue, batch)),
    cancel: async (id, jobId) => {
      const cancelled = await queue.transaction(db, (trx, tasks) =>
        cancelExecution(trx, tasks, { id, jobId, reason }),
      );
      return cancelled !== undefined;
    },
  };
}

async function claimAll({ db }: Store, queue: TaskQueue): Promise<void> {
  while ((await claimBatch(db, queue, { batchSize: 100, timeoutMs: 10_000 })).jobs > 0);
}

/** Answers whether the work was committed, be it that its connection was lost. */
async function withFault(
  { pool }: Store,
  fault: Fault | null,
  work: () => Promise<unknown>,
): Promise<boolean> {
  const watch = watchStatements(pool, fault);
  try {
    await work();
    return true;
  } catch (error) {
    const wasLost = fault !== null && fault.nth < watch.sent.length;
    if (!wasLost) throw error;
    return watch.sent[fault.nth] === 'commit' && fault.loss !== 'before';
  } finally {
    await watch.stop();
  }
}

function definitionOf(settings: Partial<Settings>): JobPatch {
  const { intervalMs, overlap, catchUp, maxRuns } = settings;
  return {
    ...(intervalMs === undefined ? {} : { schedule: `@every ${intervalMs / 1_000}s` }),
    ...(overlap === undefined ? {} : { overlapPolicy: overlap }),
    ...(catchUp === undefined ? {} : { catchUpPolicy: catchUp }),
    ...(maxRuns === undefined ? {} : { maxRuns }),
  };
}

async function create({ db }: Store, settings: Settings, now: number): Promise<string> {
  const named = {
    accountId: 'acc',
    functionId: 'fn',
    name: unique('job'),
    schedule: '@hourly',
    enabled: true,
  };
  const limits = { catchUpWindowSeconds: CATCH_UP_WINDOW_S, retryLimit: RETRY_LIMIT };
  const definition = { ...JOB_DEFAULTS, ...named, ...limits, ...definitionOf(settings) };
  const job = createJob(definition, new Date(now));
  await db.transaction().execute((trx) => jobs.insert(trx, job, buildCreation(job), MANY_JOBS));
  return job.id;
}

/** As the api does it. */
async function change(
  { db }: Store,
  queue: TaskQueue,
  { jobId, enabled, ...settings }: Partial<Settings> & { jobId: string; enabled?: boolean },
  at: number,
): Promise<boolean> {
  const now = new Date(at);
  const patch = { ...definitionOf(settings), ...(enabled === undefined ? {} : { enabled }) };
  try {
    await queue.transaction(db, async (trx, tasks) => {
      const before = await jobs.findForUpdate(trx, jobId);
      if (before === undefined) throw new Error('no job');
      const after = updateJob(before, patch, now);
      await jobs.update(trx, after);
      const changedAt = timetableChange(before, after, now);
      if (changedAt !== null) await timetables.change(trx, after, changedAt);
      const missed = missedByChange(before, after, now);
      if (missed !== null) await insertMissedRuns(trx, [{ ...missed, jobId, accountId: before.accountId }]);
      if (before.enabled && !after.enabled) await cancelWaiting(trx, [jobId], 'the job was stopped');
      else await fillRoom(trx, tasks, { ...after, jobId, running: after.inFlight - after.waiting });
    });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'CONFLICT') return false;
    throw error;
  }
}

async function findTasks({ pool }: Store): Promise<QueuedTask[]> {
  const { rows } = await pool.query<QueuedTask & { name: string }>(
    `SELECT id, name, state, retry_count AS attempt, data->'executionIds' AS "executionIds"
     FROM pgboss.job WHERE state <= 'active'`,
  );
  return rows.map(({ name, ...task }) => ({ ...task, phase: name === QUEUES.check ? 'check' : 'perform' }));
}

const RESULTS: Record<Result, AttemptResult> = {
  yes: { kind: 'succeeded', httpStatus: 200, output: {}, logs: [] },
  no: { kind: 'succeeded', httpStatus: 200, output: { shouldPerform: false }, logs: [] },
  unavailable: { kind: 'unavailable', httpStatus: 503, error: 'HTTP 503', retryAfterMs: null },
  rejected: { kind: 'rejected', httpStatus: 400, error: 'HTTP 400', output: {}, logs: [] },
};

/** What the worker that has this lease makes of its attempt's result. */
export function settledOf(execution: LeasedExecution, result: Result, now: number): Settled {
  const times = { startedAt: new Date(now), completedAt: new Date(now), timeoutMs: 1_000 };
  const phase: Phase = execution.phase;
  const attempt = {
    ...execution,
    phase,
    executionId: execution.id,
    number: execution.attempts + 1,
    payload: {},
    input: {},
  };
  return { execution, settlement: settle({ ...attempt, ...times }, RESULTS[result]) };
}
