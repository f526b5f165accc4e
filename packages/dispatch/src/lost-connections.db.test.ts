import {
  type AttemptResult,
  type Job,
  newId,
  type NewJob,
  type Phase,
  PHASES,
  type PlannedExecution,
  settle,
} from '@automation/domain';
import { newTask } from '@automation/queue';
import { insertExecutions, jobs, type LeasedExecution, leaseExecutions } from '@automation/store';
import {
  buildCreation,
  buildJob,
  clearLedger,
  loseEachConnection,
  MANY_JOBS,
  snapshotLedger,
  survivalFaults,
} from '@automation/testing';

import { cancelExecution, type PhaseTask, recordOutcomes, type Settled } from './index.ts';
import { openTestDispatch, type TestDispatch } from './test-dispatch.fixture.ts';

let dispatch: TestDispatch;

beforeAll(async () => {
  dispatch = await openTestDispatch();
});

afterAll(() => dispatch.dispose());

const at = (second: number) => new Date(Date.parse('2026-03-04T05:06:00Z') + second * 1_000);

interface Given {
  name?: string;
  definition?: Partial<NewJob>;
  state?: Partial<Job>;
  /** In which a worker holds the job's first execution. */
  phase?: Phase;
  /** Executions that wait for the first one. */
  waiting?: number;
  /** What the first one's attempt came to. */
  result?: AttemptResult;
}

interface Prepared {
  job: Job;
  first: PlannedExecution;
  waiting: PlannedExecution[];
  phase: Phase;
  result: AttemptResult;
}

const OK: AttemptResult = { kind: 'succeeded', httpStatus: 200, output: {}, logs: [] };
const ACCEPTED: AttemptResult = { kind: 'accepted', httpStatus: 202, withinMs: 60_000 };
const GONE: AttemptResult = { kind: 'gone', httpStatus: 410, error: 'HTTP 410' };
const UNAVAILABLE: AttemptResult = {
  kind: 'unavailable',
  httpStatus: 503,
  error: 'HTTP 503',
  retryAfterMs: 60_000,
};

function planned(job: Job, second: number, state: 'ready' | 'waiting'): PlannedExecution {
  const { id: jobId, accountId, functionId } = job;
  const ids = { id: newId(at(second)), jobId, accountId, functionId };
  const occurrence = { scheduledFor: at(second), dueAt: at(second) };
  return { ...ids, ...occurrence, trigger: 'schedule', state, reason: null };
}

function build({ name = 'job', definition = {}, state = {}, waiting = 0, ...given }: Given): Prepared {
  const named = { accountId: 'acc', functionId: 'fn', name, schedule: '@every 1h' };
  const counts = { inFlight: 1 + waiting, waiting };
  const job = buildJob({ ...named, overlapPolicy: 'queue', ...definition }, { ...counts, ...state });
  const others = Array.from({ length: waiting }, (_, n) => planned(job, n + 1, 'waiting'));
  const { phase = 'check', result = OK } = given;
  return { job, first: planned(job, 0, 'ready'), waiting: others, phase, result };
}

/** Writes jobs and their executions, whose first ones a worker holds in a task for each phase. */
async function store(
  prepared: readonly Prepared[],
): Promise<{ leased: LeasedExecution[]; tasks: PhaseTask[] }> {
  const { store: database, queue } = dispatch;
  await clearLedger(database.pool);
  const firsts = Map.groupBy(prepared, ({ phase }) => phase);
  const tasks = PHASES.filter((phase) => firsts.has(phase)).map((phase) => {
    return { ...newTask(firsts.get(phase)!.map(({ first }) => first)), phase, attempt: 0 };
  });
  const taskOf = new Map(
    tasks.flatMap(({ id, executionIds }) => executionIds.map((each) => [each, id] as const)),
  );
  const executions = prepared.flatMap(({ first, waiting }) => [first, ...waiting]);
  await queue.transaction(database.db, async (trx, writer) => {
    for (const { job } of prepared) await jobs.insert(trx, job, buildCreation(job), MANY_JOBS);
    await insertExecutions(
      trx,
      executions.map((each) => ({ ...each, taskId: taskOf.get(each.id) ?? null })),
    );
    for (const task of tasks) await writer.enqueue(task.phase, [task]);
  });
  await database.pool.query(`UPDATE automation_executions SET phase = 'perform' WHERE task_id = $1`, [
    tasks.find(({ phase }) => phase === 'perform')?.id,
  ]);
  await database.pool.query(`UPDATE pgboss.job SET state = 'active'`);
  const leases = tasks.map((task) => ({ ...task, taskId: task.id, taskAttempt: 0 }));
  return { leased: await leaseExecutions(database.db, leases), tasks };
}

/** What the held executions of jobs came to, as the recorder gets it. */
async function arrange(given: readonly Given[]): Promise<{ settled: Settled[]; completed: PhaseTask[] }> {
  const prepared = given.map(build);
  const { leased, tasks } = await store(prepared);
  const settled = prepared.map(({ first, result }) => {
    const execution = leased.find(({ id }) => id === first.id)!;
    const { id: executionId, attempts } = execution;
    const payload = execution.payload ?? {};
    const number = attempts + 1;
    const attempt = { ...execution, executionId, number, timeoutMs: 1_000, payload, input: payload };
    return { execution, settlement: settle({ ...attempt, startedAt: at(10), completedAt: at(11) }, result) };
  });
  return { settled, completed: tasks };
}

/** Loses the connection of an attempt at each of its statements, in each way; answers what is wrong then. */
async function faultsOf<T>(
  prepare: () => Promise<T>,
  attempt: (prepared: T) => Promise<unknown>,
): Promise<string[]> {
  const { pool } = dispatch.store;
  const observe = () => snapshotLedger(pool);
  const result = await loseEachConnection(pool, { arrange: prepare, attempt, observe });
  expect(result.statements[0]).toBe('begin');
  expect(result.statements.at(-1)).toBe('commit');
  expect(result.once).not.toEqual(result.before);
  // A second try of what has happened changes nothing.
  expect(result.twice).toEqual(result.once);
  return survivalFaults(result);
}

/** Since two and a half hours, so that no further occurrence comes due before the test is over. */
const overdue = { nextRun: new Date(Date.now() - 2.5 * 3_600_000) };

const EVERYTHING: Given[] = [
  { name: 'hands off' },
  { name: 'is retried', result: UNAVAILABLE },
  { name: 'is completed later', result: ACCEPTED },
  { name: 'function is gone', result: GONE, state: overdue, waiting: 1 },
  { name: 'has performed', phase: 'perform' },
  { name: 'has performed, others wait', phase: 'perform', waiting: 2 },
  { name: 'performs again', phase: 'perform', result: UNAVAILABLE, waiting: 1 },
  { name: 'max_runs', phase: 'perform', definition: { maxRuns: 1 }, state: overdue, waiting: 1 },
];

test.each(EVERYTHING)('recorded once more, nothing of it changes: $name', async (given) => {
  const { store: database, queue } = dispatch;
  const batch = await arrange([given]);
  await recordOutcomes(database.db, queue, batch);
  const recorded = await snapshotLedger(database.pool);
  expect(await recordOutcomes(database.db, queue, batch)).toEqual([]);
  expect(await snapshotLedger(database.pool)).toEqual(recorded);
});

test.each([
  { what: 'a hand-off', given: EVERYTHING.slice(0, 1) },
  { what: 'everything that outcomes may mean', given: EVERYTHING },
])('$what is recorded wholly or not at all, and once', async ({ given }) => {
  const { store: database, queue } = dispatch;
  const faults = await faultsOf(
    () => arrange(given),
    (batch) => recordOutcomes(database.db, queue, batch),
  );
  expect(faults).toEqual([]);
});

test.each([
  { which: 'that a worker holds, with others that wait', of: ({ first }: Prepared) => first },
  { which: 'that waits', of: ({ waiting }: Prepared) => waiting[0]! },
])('an execution $which is cancelled wholly or not at all, and once', async ({ of }) => {
  const { store: database, queue } = dispatch;
  const prepare = async () => {
    const prepared = build({ waiting: 2 });
    await store([prepared]);
    return of(prepared);
  };
  const faults = await faultsOf(prepare, ({ id, jobId }) => {
    const cancelled = { id, jobId, reason: 'cancelled by request' };
    return queue.transaction(database.db, (trx, tasks) => cancelExecution(trx, tasks, cancelled));
  });
  expect(faults).toEqual([]);
});

test('outcomes whose lease has gone to another worker leave nothing behind', async () => {
  const { store: database, queue } = dispatch;
  const { settled, completed } = await arrange(EVERYTHING);
  const leases = completed.map((task) => ({ ...task, taskId: task.id, taskAttempt: 1 }));
  expect(await leaseExecutions(database.db, leases)).toHaveLength(EVERYTHING.length);
  const before = await snapshotLedger(database.pool);
  expect(await recordOutcomes(database.db, queue, { settled, completed: [] })).toEqual([]);
  expect(await snapshotLedger(database.pool)).toEqual(before);
});
