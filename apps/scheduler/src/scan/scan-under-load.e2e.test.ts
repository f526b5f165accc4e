import { cancelExecution, recordOutcomes } from '@automation/dispatch';
import { type AttemptResult, OVERLAP_POLICIES, type Phase, PHASES, settle } from '@automation/domain';
import type { Consumer, HeldTask } from '@automation/queue';
import { type LeasedExecution, leaseExecutions } from '@automation/store';

import { claimBatch } from '../claim-batch.ts';
import {
  insertDueJob,
  openSchedulerDatabase,
  type SchedulerDatabase,
} from '../scheduler-database.fixture.ts';
import type { Finding } from './finding.ts';
import { scan, START } from './scan.ts';

/** How long the system is kept busy, in ms. */
const DURATION_MS = 2_000;
const JOBS = 60;

let database: SchedulerDatabase;
let until = 0;

beforeAll(async () => {
  database = await openSchedulerDatabase();
  await ageWhatIsWritten();
});

afterAll(() => database.dispose());

/** To the scan every execution and task is two minutes old from the start, so that it leaves none of them out. */
async function ageWhatIsWritten(): Promise<void> {
  await database.store.pool.query(`
    ALTER TABLE automation_executions ALTER COLUMN created_at SET DEFAULT now() - interval '2 minutes';
    CREATE FUNCTION age_task() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN NEW.start_after := NEW.start_after - interval '2 minutes'; RETURN NEW; END $$;
    CREATE TRIGGER age_task BEFORE INSERT ON pgboss.job FOR EACH ROW EXECUTE FUNCTION age_task()`);
}

async function whileBusy(step: () => Promise<unknown>): Promise<number> {
  let steps = 0;
  for (; Date.now() < until; steps++) await step();
  return steps;
}

const RESULTS: Record<Phase, AttemptResult[]> = {
  check: [
    { kind: 'succeeded', httpStatus: 200, output: {}, logs: [] },
    { kind: 'succeeded', httpStatus: 200, output: { shouldPerform: false }, logs: [] },
    { kind: 'unavailable', httpStatus: 503, error: 'HTTP 503', retryAfterMs: 1 },
  ],
  perform: [
    { kind: 'succeeded', httpStatus: 200, output: {}, logs: [] },
    { kind: 'rejected', httpStatus: 400, error: 'HTTP 400', output: {}, logs: [] },
  ],
};

function settledNow(execution: LeasedExecution, nth: number) {
  const now = new Date();
  const number = execution.attempts + 1;
  const attempt = {
    ...execution,
    executionId: execution.id,
    number,
    timeoutMs: 1_000,
    payload: {},
    input: {},
  };
  const results = RESULTS[execution.phase];
  const settlement = settle({ ...attempt, startedAt: now, completedAt: now }, results[nth % results.length]!);
  return { execution, settlement };
}

/** A worker that records the executions of each task in two transactions; counts what it recorded. */
function startWorker(phase: Phase): { consumer: Consumer; drain: () => Promise<number> } {
  const { store, queue } = database;
  let recorded = 0;
  let work = Promise.resolve();
  const run = async (task: HeldTask) => {
    const lease = { taskId: task.id, taskAttempt: task.attempt, executionIds: task.executionIds };
    const leased = await leaseExecutions(store.db, [lease]);
    const settled = leased.map((execution, n) => settledNow(execution, n + recorded));
    const half = Math.floor(settled.length / 2);
    const first = await recordOutcomes(store.db, queue, { settled: settled.slice(0, half), completed: [] });
    const completed = [{ ...task, phase }];
    const rest = await recordOutcomes(store.db, queue, { settled: settled.slice(half), completed });
    recorded += first.length + rest.length;
    consumer.release(task);
  };
  const runAll = async (before: Promise<void>, tasks: HeldTask[]) => {
    await before;
    for (const task of tasks) if (Date.now() < until) await run(task);
  };
  const consumer = queue.consume(phase, {
    hasRoom: () => Date.now() < until,
    busyAccounts: () => [],
    onTasks: (tasks) => {
      work = runAll(work, tasks);
    },
    onError: () => undefined,
    pollIntervalMs: 20,
  });
  const drain = async () => {
    await consumer.pause();
    await work;
    return recorded;
  };
  return { consumer, drain };
}

async function cancelOne(): Promise<boolean> {
  const { store, queue } = database;
  const { rows } = await store.pool.query<{ id: string; job_id: string }>(
    'SELECT id, job_id FROM automation_executions WHERE completed_at IS NULL ORDER BY random() LIMIT 1',
  );
  const [open] = rows;
  if (open === undefined) return false;
  const cancelled = { id: open.id, jobId: open.job_id, reason: 'cancelled by request' };
  const former = await queue.transaction(store.db, (trx, tasks) => cancelExecution(trx, tasks, cancelled));
  return former !== undefined;
}

/** Makes all jobs due that nobody holds, so that their executions overlap. */
async function makeDue(): Promise<void> {
  await database.store.pool.query(
    `UPDATE automation_jobs SET next_run = t, next_occurrence = t
     FROM (SELECT date_trunc('milliseconds', clock_timestamp()) AS t) clock
     WHERE id IN (SELECT id FROM automation_jobs WHERE next_run > now() FOR UPDATE SKIP LOCKED)`,
  );
}

test('while executions are claimed, recorded and cancelled, the scan of the ledger finds nothing', async () => {
  const { store, queue } = database;
  for (let n = 0; n < JOBS; n++)
    await insertDueJob(store, { overlapPolicy: OVERLAP_POLICIES[n % OVERLAP_POLICIES.length]! });
  until = Date.now() + DURATION_MS;
  const workers = PHASES.map(startWorker);
  const found: Finding[] = [];
  let position = START;
  const [rounds, claims, cancellations] = await Promise.all([
    whileBusy(async () => {
      const round = await scan(store.db, queue, position);
      found.push(...round!.findings);
      position = round!.next;
    }),
    whileBusy(() => claimBatch(store.db, queue, { batchSize: 40, timeoutMs: 5_000 })),
    whileBusy(cancelOne),
    whileBusy(makeDue),
  ]);
  const recorded = await Promise.all(workers.map(({ drain }) => drain()));
  expect(found).toEqual([]);
  // That it was busy.
  expect([rounds, claims, cancellations, ...recorded].every((count) => count > 0)).toBe(true);
});
