import { randomUUID } from 'node:crypto';

import { type Job, newId } from '@automation/domain';
import { sql } from 'kysely';

import { type Database, ensurePartitions, leaseExecutions, type Outcome, recordOutcomes } from './index.ts';
import { planOf } from './query-plan.fixture.ts';
import { insertJob, openTestStore, type TestStore } from './test-store.fixture.ts';

const BATCH = 500;
const EXECUTIONS = 20_000;
/** All at once, as at midnight: ids and instants that no statistics know of. */
const midnight = new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000);
const partition = `automation_executions_p${midnight.toISOString().slice(0, 10).replaceAll('-', '')}`;

let store: TestStore;
let job: Job;
const taskId = randomUUID();
const ids = Array.from({ length: BATCH }, () => newId(midnight));

beforeAll(async () => {
  store = await openTestStore();
  await ensurePartitions(store.db, midnight);
  job = await insertJob(store, {}, { inFlight: BATCH });
  // The statistics are of a moment at which the day had hardly begun.
  await fill([newId(midnight)]);
  await sql`ANALYZE automation_executions, automation_jobs`.execute(store.db);
  await fill(ids);
  await fill(Array.from({ length: EXECUTIONS }, () => newId(midnight)));
});

afterAll(() => store.dispose());

async function fill(executionIds: string[]): Promise<void> {
  await sql`
    INSERT INTO automation_executions (id, job_id, account_id, function_id, trigger, scheduled_for, due_at, status, task_id)
    SELECT id, gen_random_uuid(), ${job.accountId}, ${job.functionId}, 'schedule', ${midnight}, ${midnight}, 'pending',
           ${taskId}
    FROM unnest(${executionIds}::uuid[]) AS id`.execute(store.db);
}

/** The ways by which a statement gets at executions. */
async function readsOf(work: (db: Database) => Promise<unknown>): Promise<string[]> {
  const { reads } = await planOf(store.pool, 'automation_executions', work);
  return [...new Set(reads.filter((read) => read.startsWith(partition)))];
}

test('a lease looks its executions up one by one, whatever the statistics say of the day', async () => {
  const task = { taskId, taskAttempt: 0, executionIds: ids };
  expect(await readsOf((db) => leaseExecutions(db, [task]))).toEqual([`${partition} by ${partition}_pkey`]);
});

test('outcomes look their executions up one by one, whatever the statistics say of the day', async () => {
  const outcomes = ids.map((executionId): Outcome => ({
    executionId,
    jobId: job.id,
    taskId,
    taskAttempt: 0,
    settlement: {
      phase: 'check',
      record: null,
      attempts: 0,
      status: 'checking',
      reason: null,
      next: null,
      functionIsGone: false,
    },
    nextTaskId: null,
  }));
  const record = (db: Database) => db.transaction().execute((trx) => recordOutcomes(trx, outcomes));
  expect(await readsOf(record)).toEqual([`${partition} by ${partition}_pkey`]);
});
