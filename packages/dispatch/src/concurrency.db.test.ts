import { randomUUID } from 'node:crypto';

import {
  type AttemptResult,
  checkInput,
  type Job,
  postpone,
  settle,
  type Settlement,
  updateJob,
} from '@automation/domain';
import {
  cancelWaiting,
  findOpenAttempt,
  jobs,
  type LeasedExecution,
  leaseExecutions,
} from '@automation/store';

import { cancelExecution, recordOutcomes } from './index.ts';
import { claim, insertOverdueJob, openTestDispatch, type TestDispatch } from './test-dispatch.fixture.ts';

const SIDE_BY_SIDE = 12;
const ROUNDS = 40;

let dispatch: TestDispatch;

beforeAll(async () => {
  dispatch = await openTestDispatch(SIDE_BY_SIDE + 2);
});

afterAll(() => dispatch.dispose());

const pick = <T>(choices: readonly T[]): T | undefined => choices[Math.floor(Math.random() * choices.length)];

const query = async <Row extends object>(text: string) => (await dispatch.store.pool.query<Row>(text)).rows;

const RESULTS: AttemptResult[] = [
  { kind: 'succeeded', httpStatus: 200, output: { shouldPerform: true }, logs: [] },
  { kind: 'succeeded', httpStatus: 200, output: { shouldPerform: false }, logs: [] },
  { kind: 'accepted', httpStatus: 202, withinMs: 60_000 },
  { kind: 'unavailable', httpStatus: 503, error: 'HTTP 503', retryAfterMs: null },
  { kind: 'timed_out', httpStatus: null, error: 'too late' },
  { kind: 'rejected', httpStatus: 400, error: 'HTTP 400', output: {}, logs: [] },
];

function settlementOf(execution: LeasedExecution): Settlement {
  if (Math.random() < 0.15) return postpone(execution, { delayMs: 1_000, reason: 'the circuit is open' });
  const { id: executionId, jobId, phase, attempts, retryLimit } = execution;
  const times = { startedAt: new Date(), completedAt: new Date(), timeoutMs: 30_000 };
  const payload = execution.payload ?? {};
  const input = checkInput(jobId, payload);
  return settle(
    { executionId, jobId, phase, number: attempts + 1, retryLimit, payload, input, ...times },
    pick(RESULTS)!,
  );
}

interface UnfinishedTask {
  taskId: string;
  taskAttempt: number | null;
  executionIds: string[];
}

/** Tasks with unfinished executions, in no order. */
async function someTasks(limit: number): Promise<UnfinishedTask[]> {
  return query<UnfinishedTask>(
    `SELECT task_id AS "taskId", max(task_attempt) AS "taskAttempt", array_agg(id ORDER BY random()) AS "executionIds"
     FROM automation_executions WHERE completed_at IS NULL AND task_id IS NOT NULL
     GROUP BY task_id ORDER BY random() LIMIT ${limit}`,
  );
}

/** A worker takes tasks, perhaps from another that is still at them, and records their executions in no order. */
async function work(): Promise<void> {
  const tasks = (await someTasks(3)).map((task) => ({ ...task, taskAttempt: (task.taskAttempt ?? -1) + 1 }));
  const leased = await leaseExecutions(dispatch.store.db, tasks);
  const shuffled = leased.toSorted(() => Math.random() - 0.5);
  for (const settled of [shuffled.slice(0, 40), shuffled.slice(40)]) {
    const batch = settled.map((execution) => ({ execution, settlement: settlementOf(execution) }));
    await recordOutcomes(dispatch.store.db, dispatch.queue, { settled: batch, completed: [] });
  }
}

interface SomeExecution {
  id: string;
  jobId: string;
  completionToken: string | null;
}

async function someExecution(condition = 'true'): Promise<SomeExecution | undefined> {
  const [execution] = await query<SomeExecution>(
    `SELECT id, job_id AS "jobId", completion_token AS "completionToken" FROM automation_executions
     WHERE completed_at IS NULL AND ${condition} ORDER BY random() LIMIT 1`,
  );
  return execution;
}

async function cancelOne(): Promise<void> {
  const execution = await someExecution();
  if (execution === undefined) return;
  const { id, jobId } = execution;
  await dispatch.queue.transaction(dispatch.store.db, (trx, tasks) =>
    cancelExecution(trx, tasks, { id, jobId, reason: 'by request' }),
  );
}

/** A function completes an attempt that it accepted, or that is still under way. */
async function completeOne(): Promise<void> {
  const execution = await someExecution('completion_token IS NOT NULL');
  if (execution === undefined) return;
  const token = execution.completionToken ?? randomUUID();
  const open = await findOpenAttempt(dispatch.store.db, { id: execution.id, token });
  if (open === undefined) return;
  const attempt = { ...open, executionId: open.id, input: {}, timeoutMs: 0, completedAt: new Date() };
  const settled = [{ execution: open, settlement: settle(attempt, RESULTS[0]!) }];
  await recordOutcomes(dispatch.store.db, dispatch.queue, { settled, completed: [] });
}

/** The user pauses a job, or resumes it where it was. */
async function toggle({ id }: Job): Promise<void> {
  await dispatch.store.db.transaction().execute(async (trx) => {
    const before = (await jobs.findForUpdate(trx, id))!;
    const after = updateJob(before, { enabled: !before.enabled }, new Date());
    const overdue = new Date(Date.now() - 60 * 60_000);
    const backlog = after.enabled ? { nextRun: overdue, nextOccurrence: overdue } : {};
    await jobs.update(trx, { ...after, ...backlog });
    if (!after.enabled) await cancelWaiting(trx, [id], 'the job was paused while this execution waited');
  });
}

interface Count {
  inFlight: number;
  waiting: number;
}

/** What a job says of its executions, and what they are. */
async function countsOf(): Promise<{ said: Count; found: Count }[]> {
  return query<{ said: Count; found: Count }>(
    `SELECT json_build_object('inFlight', in_flight, 'waiting', waiting) AS said,
           json_build_object(
             'inFlight', (SELECT count(*) FROM automation_executions e WHERE e.job_id = j.id AND e.completed_at IS NULL),
             'waiting', (SELECT count(*) FROM automation_waiting_executions w WHERE w.job_id = j.id)) AS found
     FROM automation_jobs j`,
  );
}

/** Unfinished executions that neither wait for others nor have a task in the queue. */
async function stranded(): Promise<unknown[]> {
  return query<object>(
    `SELECT e.id, e.status FROM automation_executions e
    WHERE e.completed_at IS NULL
      AND NOT EXISTS (SELECT FROM automation_waiting_executions w WHERE w.execution_id = e.id)
      AND NOT EXISTS (SELECT FROM pgboss.job t WHERE t.id = e.task_id)`,
  );
}

async function deadlocks(): Promise<number> {
  const [found] = await query<{ deadlocks: number }>(
    'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
  );
  return found!.deadlocks;
}

/** Minutes from an hour before midnight: so that executions that are claimed together lie in two partitions. */
const OVERDUE = 60 + Math.floor((Date.now() % 86_400_000) / 60_000);

test('claims, leases, recordings, completions, cancellations and pauses of the same jobs never deadlock', async () => {
  const policies = ['queue', 'skip', 'allow', 'allow'] as const;
  const all = await Promise.all(
    policies.map((overlapPolicy) =>
      insertOverdueJob(dispatch, OVERDUE, { overlapPolicy, catchUpPolicy: 'all', retryLimit: 3 }),
    ),
  );
  const steps = [
    () => claim(dispatch, pick(all)!.id, 30),
    work,
    work,
    work,
    cancelOne,
    cancelOne,
    completeOne,
    () => toggle(pick(all)!),
  ];
  const failures: unknown[] = [];
  const runOne = async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await pick(steps)!().catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(all.map((job) => claim(dispatch, job.id, 100)));
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, runOne));

  expect({ failures, deadlocks: await deadlocks() }).toEqual({ failures: [], deadlocks: 0 });
  for (const { said, found } of await countsOf()) expect(said).toEqual(found);
  expect(await stranded()).toEqual([]);
});
