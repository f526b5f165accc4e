import { cancelExecution } from '@automation/dispatch';
import type { Execution, Job, NewJob } from '@automation/domain';
import { createRegistry } from '@automation/service-kit';
import { executions, jobs, leaseExecutions, mayScan } from '@automation/store';
import { recordingLogger } from '@automation/testing';

import { claimBatch } from '../claim-batch.ts';
import { createSchedulerMetrics } from '../metrics.ts';
import {
  insertDueJob,
  openSchedulerDatabase,
  type SchedulerDatabase,
} from '../scheduler-database.fixture.ts';
import type { Finding } from './finding.ts';
import { scan, START } from './scan.ts';
import { Scanner } from './scanner.ts';

let database: SchedulerDatabase;

beforeAll(async () => {
  database = await openSchedulerDatabase();
});

afterEach(() => database.clear());

afterAll(() => database.dispose());

const query = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
  (await database.store.pool.query<T>(text, values)).rows;

const claim = () => claimBatch(database.store.db, database.queue, { batchSize: 2_000, timeoutMs: 10_000 });

/** What one round of the whole ledger finds. */
async function findings(): Promise<Finding[] | undefined> {
  return (await scan(database.store.db, database.queue, START))?.findings;
}

/** Makes all executions and tasks two minutes older. */
async function letTimePass(): Promise<void> {
  await query(`UPDATE automation_executions SET created_at = created_at - interval '2 minutes'`);
  await query(`UPDATE pgboss.job SET start_after = start_after - interval '2 minutes'`);
}

/** A job with an execution that has been open for two minutes. */
async function openExecution(definition: Partial<NewJob> = {}): Promise<{ job: Job; execution: Execution }> {
  const job = await insertDueJob(database.store, definition);
  await claim();
  await letTimePass();
  const [execution] = await executions.list(database.store.db, { jobId: job.id, limit: 1 });
  return { job, execution: execution! };
}

const tasks = () =>
  query<{ id: string; name: string; ids: string[] }>(
    `SELECT id, name, data->'executionIds' AS ids FROM pgboss.job WHERE state < 'active' ORDER BY name`,
  );

const countsOf = async ({ id }: Job) => {
  const { inFlight, waiting } = (await jobs.find(database.store.db, id))!;
  return { inFlight, waiting };
};

test('a ledger that is in order yields no finding, with executions that run, wait, are skipped or finished', async () => {
  for (const overlapPolicy of ['skip', 'queue', 'allow'] as const) {
    const { job } = await openExecution({ overlapPolicy });
    await query('UPDATE automation_jobs SET next_run = now(), next_occurrence = now() WHERE id = $1', [
      job.id,
    ]);
    await claim();
  }
  await letTimePass();
  expect(await findings()).toEqual([]);
});

test('an active job without next run cannot be written', async () => {
  const job = await insertDueJob(database.store);
  const written = query('UPDATE automation_jobs SET next_run = NULL WHERE id = $1', [job.id]);
  await expect(written).rejects.toMatchObject({ code: '23514' });
});

test('a job that has been due for more than a minute is found until it is claimed', async () => {
  await insertDueJob(database.store, {}, { nextRun: new Date(Date.now() - 50_000) });
  expect(await findings()).toEqual([]);
  await insertDueJob(database.store, {}, { nextRun: new Date(Date.now() - 70_000) });
  const overdue = { kind: 'overdue_by_a_minute', found: 1, repaired: 0 };
  expect(await findings()).toEqual([overdue]);
  expect(await findings()).toEqual([overdue]);
  await claim();
  expect(await findings()).toEqual([]);
});

test.each([
  { phase: 'check', queue: 'automation.check' },
  { phase: 'perform', queue: 'automation.perform' },
])("an execution whose $phase's task was deleted gets a new one", async ({ phase, queue }) => {
  const { execution } = await openExecution();
  await query('UPDATE automation_executions SET phase = $1, task_attempt = 3', [phase]);
  await query('DELETE FROM pgboss.job');
  expect(await findings()).toEqual([{ kind: 'execution_without_task', found: 1, repaired: 1 }]);
  const [task] = await tasks();
  expect(task).toMatchObject({ name: queue, ids: [execution.id] });
  expect(await findings()).toEqual([]);
  const lease = { taskId: task!.id, taskAttempt: 0, executionIds: [execution.id] };
  expect(await leaseExecutions(database.store.db, [lease])).toMatchObject([{ id: execution.id, phase }]);
});

test.each(['completed', 'cancelled', 'failed'])('a task that is %s is none', async (state) => {
  await openExecution();
  await query(`UPDATE pgboss.job SET state = $1::pgboss.job_state`, [state]);
  expect(await findings()).toEqual([{ kind: 'execution_without_task', found: 1, repaired: 1 }]);
  expect(await findings()).toEqual([]);
});

test.each(['created', 'retry', 'active'])('a task that is %s is left alone', async (state) => {
  await openExecution();
  await query(`UPDATE pgboss.job SET state = $1::pgboss.job_state`, [state]);
  expect(await findings()).toEqual([]);
});

test('an execution that never had a task gets one; of the last minute it is left alone', async () => {
  await openExecution();
  await query('UPDATE automation_executions SET task_id = NULL, created_at = now()');
  await query('DELETE FROM pgboss.job');
  expect(await findings()).toEqual([]);
  await letTimePass();
  expect(await findings()).toEqual([{ kind: 'execution_without_task', found: 1, repaired: 1 }]);
  expect(await findings()).toEqual([]);
});

test('an execution that waits for nobody goes on', async () => {
  const { job, execution } = await openExecution({ overlapPolicy: 'queue' });
  await query('UPDATE automation_jobs SET next_run = now(), next_occurrence = now() WHERE id = $1', [job.id]);
  await claim();
  expect(await countsOf(job)).toEqual({ inFlight: 2, waiting: 1 });
  await query(
    `UPDATE automation_executions SET status = 'failed', completed_at = now(), task_id = NULL WHERE id = $1`,
    [execution.id],
  );
  await query('UPDATE automation_jobs SET in_flight = 1');
  await query('DELETE FROM pgboss.job');
  expect(await findings()).toEqual([{ kind: 'waiting_for_nobody', found: 1, repaired: 1 }]);
  expect(await countsOf(job)).toEqual({ inFlight: 1, waiting: 0 });
  expect(await tasks()).toHaveLength(1);
  await letTimePass();
  expect(await findings()).toEqual([]);
});

test('a task whose executions are finished, or have gone on to another one, is removed; one in use stays', async () => {
  await openExecution();
  const [used] = await tasks();
  await openExecution();
  await openExecution();
  const others = (await tasks()).filter(({ id }) => id !== used!.id);
  await query(
    `UPDATE automation_executions SET status = 'failed', completed_at = now(), task_id = NULL WHERE id = $1`,
    [others[0]!.ids[0]],
  );
  await query(`UPDATE automation_executions SET task_id = $2 WHERE id = $1`, [others[1]!.ids[0], used!.id]);
  await query(
    'UPDATE automation_jobs j SET in_flight = (SELECT count(*) FROM automation_executions e WHERE e.job_id = j.id AND completed_at IS NULL)',
  );
  expect(await findings()).toEqual([{ kind: 'task_without_execution', found: 2, repaired: 2 }]);
  expect((await tasks()).map(({ id }) => id)).toEqual([used!.id]);
  expect(await findings()).toEqual([]);
});

test('the task of an execution that was cancelled while it waited for a worker is left to the workers', async () => {
  const { job, execution } = await openExecution();
  const { store, queue } = database;
  const cancelled = { id: execution.id, jobId: job.id, reason: 'cancelled by request' };
  await queue.transaction(store.db, (trx, writer) => cancelExecution(trx, writer, cancelled));
  expect(await findings()).toEqual([]);
  expect(await tasks()).toHaveLength(1);
});

test.each(['in_flight = 7', 'in_flight = 0', 'in_flight = 5, waiting = 3'])(
  'a job that says %s is counted anew',
  async (assignments) => {
    const { job } = await openExecution();
    await query(`UPDATE automation_jobs SET ${assignments}`);
    expect(await findings()).toEqual([{ kind: 'wrong_counts', found: 1, repaired: 1 }]);
    expect(await countsOf(job)).toEqual({ inFlight: 1, waiting: 0 });
    expect(await findings()).toEqual([]);
  },
);

test('an execution that waited until its history was dropped is forgotten', async () => {
  const { job } = await openExecution({ overlapPolicy: 'queue' });
  await query('UPDATE automation_jobs SET next_run = now(), next_occurrence = now() WHERE id = $1', [job.id]);
  await claim();
  await query('DELETE FROM automation_executions; DELETE FROM pgboss.job');
  expect(await findings()).toEqual([{ kind: 'wrong_counts', found: 1, repaired: 1 }]);
  expect(await countsOf(job)).toEqual({ inFlight: 0, waiting: 0 });
  expect(await findings()).toEqual([]);
});

test('a round of the scanner counts and says what was found, once', async () => {
  await openExecution();
  await openExecution();
  await query('DELETE FROM pgboss.job');
  const registry = createRegistry('scheduler');
  const logger = recordingLogger();
  const { store, queue } = database;
  const context = { db: store.db, queue, logger, metrics: createSchedulerMetrics(registry) };
  for (let round = 0; round < 2; round++) {
    const scanner = new Scanner(context, 60_000);
    scanner.start();
    await scanner.stop();
  }
  expect(logger.lines).toEqual([
    {
      level: 'warn',
      message: 'ledger scan',
      fields: { kind: 'execution_without_task', found: 2, repaired: 2 },
    },
  ]);
  const text = await registry.metrics();
  expect(text).toContain(
    'automation_ledger_violations_total{kind="execution_without_task",service="scheduler"} 2',
  );
  expect(text).toContain(
    'automation_ledger_repairs_total{kind="execution_without_task",service="scheduler"} 2',
  );
});

test('one replica scans at a time', async () => {
  await openExecution();
  await query('DELETE FROM pgboss.job');
  await database.store.db.transaction().execute(async (trx) => {
    expect(await mayScan(trx)).toBe(true);
    expect(await findings()).toBeUndefined();
  });
  const rounds = await Promise.all(Array.from({ length: 4 }, findings));
  expect(rounds.flatMap((round) => round ?? [])).toEqual([
    { kind: 'execution_without_task', found: 1, repaired: 1 },
  ]);
  expect(await tasks()).toHaveLength(1);
});

test('the position walks through more than a round looks at, and begins again', async () => {
  const { job } = await openExecution();
  await copyJobs(job, 1_100);
  const found: Record<string, number>[] = [];
  let position = START;
  for (let round = 0; round < 4; round++) {
    const result = await scan(database.store.db, database.queue, position);
    found.push(Object.fromEntries(result!.findings.map(({ kind, repaired }) => [kind, repaired])));
    position = result!.next;
  }
  const full = { execution_without_task: 500 };
  expect(found).toEqual([full, full, { execution_without_task: 100, wrong_counts: 100 }, {}]);
  expect(position).toEqual({ open: expect.anything(), job: expect.anything() });
});

/** The id of the nth copy of a row. */
const nthId = (of: string) => `overlay(${of}::text placing lpad(to_hex(n), 12, '0') from 25)`;

/** Copies of a job, each with an open execution whose task is gone; from the 1001st on they say 9 in flight. */
async function copyJobs(job: Job, count: number): Promise<void> {
  await query(
    `INSERT INTO automation_jobs
     SELECT copy.* FROM automation_jobs j, generate_series(1, $2::int) n, LATERAL jsonb_populate_record(j,
       jsonb_build_object('id', ${nthId('j.id')}, 'name', 'job ' || n, 'in_flight', CASE WHEN n > 1000 THEN 9 ELSE 1 END)) AS copy WHERE j.id = $1`,
    [job.id, count],
  );
  await query(
    `INSERT INTO automation_executions
     SELECT copy.* FROM automation_executions e, generate_series(1, $2::int) n, LATERAL jsonb_populate_record(e,
       jsonb_build_object('id', ${nthId('e.id')}, 'job_id', ${nthId('e.job_id')}, 'task_id', e.id)) AS copy
     WHERE e.job_id = $1`,
    [job.id, count],
  );
}
