import { randomUUID } from 'node:crypto';

import { type Admission, type Job, type NewJob, newId } from '@automation/domain';
import {
  buildCreation,
  buildJob,
  createTestDatabase,
  MANY_JOBS,
  waitForSessions,
  waitUntil,
} from '@automation/testing';
import { sql } from 'kysely';

import { type ClaimedExecution, insertExecutions, jobs, migrate, openStore, type Store } from './index.ts';

/** A store on a migrated database of its own. */
export interface TestStore extends Store {
  url: string;
  /** What the store reported of connections that broke. */
  connectionErrors: Error[];
  /** Closes the store and drops its database. Throws if a connection was left open. */
  dispose(): Promise<void>;
}

export async function openTestStore(): Promise<TestStore> {
  const database = await createTestDatabase(migrate);
  const connectionErrors: Error[] = [];
  const store = openStore({
    url: database.url,
    poolSize: 5,
    applicationName: 'test',
    onConnectionError: (error) => connectionErrors.push(error),
  });
  waitForSessions(store.pool);
  return {
    ...store,
    url: database.url,
    connectionErrors,
    dispose: async () => {
      await store.close();
      await database.drop();
    },
  };
}

/** Stores a job, of an account and a function that need not exist unless they are given. */
export async function insertJob(
  store: Store,
  definition: Partial<NewJob> = {},
  state: Partial<Job> = {},
): Promise<Job> {
  const occurrence = state.nextRun === undefined ? {} : { nextOccurrence: state.nextRun };
  const job = buildJob({ accountId: 'acc', functionId: 'fn', ...definition }, { ...occurrence, ...state });
  await store.db.transaction().execute((trx) => jobs.insert(trx, job, buildCreation(job), MANY_JOBS));
  return job;
}

/** An occurrence of a job as a claim writes it, in a task of its own. */
export function claimed(
  job: Job,
  scheduledFor: Date,
  fate: Admission = { state: 'ready', reason: null },
): ClaimedExecution & { taskId: string } {
  return {
    id: newId(scheduledFor),
    jobId: job.id,
    accountId: job.accountId,
    functionId: job.functionId,
    trigger: 'schedule',
    scheduledFor,
    dueAt: scheduledFor,
    taskId: randomUUID(),
    ...fate,
  };
}

/** Writes occurrences of a job into the ledger and answers them. */
export async function insertOccurrences(store: Store, job: Job, instants: readonly Date[]) {
  const executions = instants.map((instant) => claimed(job, instant));
  await store.db.transaction().execute((trx) => insertExecutions(trx, executions));
  return executions;
}

/** Resolves once so many sessions of the store's database wait for locks that others hold. */
export async function untilBlocked(store: Store, sessions = 1): Promise<void> {
  const isBlocked = async () => {
    const { rows } = await sql`
      SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(store.db);
    return rows.length === sessions;
  };
  await waitUntil(isBlocked, { what: `${sessions} sessions that wait for a lock` });
}
