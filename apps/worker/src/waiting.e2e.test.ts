import type { Execution, Job, NewJob } from '@automation/domain';
import { instantText, packTasks, planClaim, updateJob } from '@automation/domain';
import { createTaskQueue, installQueues, newTask, type TaskQueue } from '@automation/queue';
import {
  accounts,
  advanceJobs,
  cancelWaiting,
  executions,
  functions,
  insertExecutions,
  jobs,
  migrate,
  openStore,
  type Store,
} from '@automation/store';
import {
  type Answer,
  buildAccount,
  buildCreation,
  buildFunction,
  buildJob,
  createTestDatabase,
  type FunctionServer,
  MANY_JOBS,
  startFunctionServer,
  type TestDatabase,
  waitUntil,
} from '@automation/testing';

import { loadWorkerConfig, type RunningWorker, start } from './index.ts';

const MINUTE = 60_000;
const ignore = () => undefined;

let database: TestDatabase;
let store: Store;
let queue: TaskQueue;
let server: FunctionServer;
let worker: RunningWorker;

beforeAll(async () => {
  database = await createTestDatabase(migrate, installQueues);
  store = openStore({
    url: database.url,
    poolSize: 5,
    applicationName: 'test',
    onConnectionError: ignore,
  });
  queue = createTaskQueue({ pool: store.pool, listener: store.listener, supervise: false, onError: ignore });
  await queue.start();
  server = await startFunctionServer();
  worker = await start(
    loadWorkerConfig({
      DATABASE_URL: database.url,
      METRICS_PORT: '0',
      FUNCTION_NETWORK: 'private',
      LOG_LEVEL: 'error',
    }),
  );
});

afterAll(async () => {
  await worker.stop();
  await server.close();
  await queue.stop();
  await store.close();
  await database.drop();
});

/** A job of every minute whose last `overdue` occurrences nobody has claimed, and a function of its own. */
async function setup(overdue: number, definition: Partial<NewJob> = {}) {
  const account = buildAccount();
  const fn = buildFunction({ accountId: account.id });
  const path = `/${fn.id}`;
  const anchor = new Date(Math.floor(Date.now() / 1_000) * 1_000 - overdue * MINUTE - MINUTE / 2);
  const job = buildJob(
    { accountId: account.id, functionId: fn.id, schedule: '@every 1m', ...definition },
    { anchor, nextRun: new Date(anchor.getTime() + MINUTE) },
  );
  await accounts.insert(store.db, account);
  await functions.insert(store.db, { ...fn, url: server.url(path) });
  await store.db.transaction().execute((trx) => jobs.insert(trx, job, buildCreation(job), MANY_JOBS));
  return { job, path };
}

/** Claims what of a job is due at `now`, as a scheduler does. */
async function claim({ id }: Job, now = new Date()): Promise<void> {
  await queue.transaction(store.db, async (trx, writer) => {
    const job = (await jobs.findForUpdate(trx, id))!;
    const plan = planClaim(
      { ...job, nextRun: job.nextRun!, nextOccurrence: job.nextOccurrence! },
      now,
      1_000,
    );
    const ready = plan.executions.filter(({ state }) => state === 'ready');
    const tasks = packTasks(ready).map((group) => newTask(group));
    const taskOf = new Map(
      tasks.flatMap((task) => task.executionIds.map((each) => [each, task.id] as const)),
    );
    await insertExecutions(
      trx,
      plan.executions.map((execution) => ({ ...execution, taskId: taskOf.get(execution.id) ?? null })),
    );
    const count = (state: string) => plan.executions.filter((execution) => execution.state === state).length;
    await advanceJobs(trx, [
      {
        id,
        nextRun: plan.next?.dueAt ?? null,
        nextOccurrence: plan.next?.scheduledFor ?? null,
        status: plan.status,
        statusReason: plan.statusReason,
        started: count('ready') + count('waiting'),
        waiting: count('waiting'),
        skipped: count('skipped'),
      },
    ]);
    await writer.enqueue('check', tasks);
  });
}

/** The user's pause, as the api writes it. */
async function pause({ id }: Job): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    const before = (await jobs.findForUpdate(trx, id))!;
    const after = updateJob(before, { enabled: false }, new Date());
    await jobs.update(trx, after);
    await cancelWaiting(trx, [id], 'the job was paused while this execution waited');
  });
}

/** All executions of a job, oldest first, when none is left unfinished. */
const untilFinished = (job: Job): Promise<Execution[]> =>
  waitUntil(async () => {
    const found = await ledgerOf(job);
    return found.length > 0 && found.every(({ completedAt }) => completedAt !== null) && found;
  });

const ledgerOf = async (job: Job) =>
  (await executions.list(store.db, { jobId: job.id, limit: 1_000 })).toReversed();

const statuses = (ledger: Execution[]) => ledger.map(({ status }) => status);

const PERFORM = { body: { shouldPerform: true } };
const DECLINE = { body: { shouldPerform: false } };

/** The occurrences that a function was called for, in that order, and the phases. */
const calls = (path: string) =>
  server
    .calls(path)
    .map(({ headers }) => [headers['x-automation-scheduled-for'], headers['x-automation-phase']].join(' '));

test('overlap_policy queue: what waits starts when the running one has finished, and not before (SPEC 3.4)', async () => {
  const { job, path } = await setup(1, { overlapPolicy: 'queue' });
  const answer = Promise.withResolvers<Answer>();
  server.script(path, ({ body }) => (body['phase'] === 'check' ? PERFORM : answer.promise));
  await claim(job);
  await waitUntil(() => calls(path).length === 2);
  await claim(job, new Date(Date.now() + MINUTE));
  await claim(job, new Date(Date.now() + 2 * MINUTE));
  expect(statuses(await ledgerOf(job))).toEqual(['performing', 'pending', 'skipped']);
  expect(await jobs.find(store.db, job.id)).toMatchObject({ inFlight: 2, waiting: 1 });

  answer.resolve({ body: {} });
  const [first, second, third] = await untilFinished(job);
  expect([first!.status, second!.status, third!.status]).toEqual(['succeeded', 'succeeded', 'skipped']);
  expect(second!.startedAt!.getTime()).toBeGreaterThanOrEqual(first!.completedAt!.getTime());
  expect(await jobs.find(store.db, job.id)).toMatchObject({ inFlight: 0, waiting: 0, runCount: 2 });
});

test('what waits starts after one that was declined, and after one that failed, as well', async () => {
  const { job, path } = await setup(3, { catchUpPolicy: 'all' });
  const answers: Answer[] = [DECLINE, { status: 404 }, DECLINE];
  server.script(path, () => answers.shift() ?? 'hang');
  await claim(job);
  expect(statuses(await untilFinished(job))).toEqual(['declined', 'failed', 'declined']);
});

test.each(['skip', 'queue'] as const)(
  'a backlog under %s runs to its end, one after the other, oldest first (SPEC 3.3)',
  async (overlapPolicy) => {
    const { job, path } = await setup(10, { catchUpPolicy: 'all', overlapPolicy });
    server.script(path, () => PERFORM);
    await claim(job);
    const ledger = await untilFinished(job);

    expect(statuses(ledger)).toEqual(ledger.map(() => 'succeeded'));
    expect(ledger).toHaveLength(10);
    for (const [n, execution] of ledger.slice(1).entries())
      expect(execution.startedAt!.getTime()).toBeGreaterThanOrEqual(ledger[n]!.completedAt!.getTime());
    expect(calls(path)).toEqual(
      ledger.flatMap(({ scheduledFor }) => {
        const at = instantText(scheduledFor);
        return [`${at} check`, `${at} perform`];
      }),
    );
    expect(await jobs.find(store.db, job.id)).toMatchObject({ inFlight: 0, waiting: 0, runCount: 10 });
  },
);

test('a backlog under allow runs a hundred side by side, and each that finishes lets the next one go', async () => {
  const { job, path } = await setup(105, { catchUpPolicy: 'all', overlapPolicy: 'allow' });
  const release: (() => void)[] = [];
  server.script(path, async () => {
    await new Promise<void>((resolve) => release.push(resolve));
    return DECLINE;
  });
  await claim(job);
  // As many as a worker takes at a time; the rest of the hundred has its task.
  await waitUntil(() => release.length > 0);
  expect(await jobs.find(store.db, job.id)).toMatchObject({ inFlight: 105, waiting: 5 });
  release.shift()!();
  await waitUntil(async () => (await jobs.find(store.db, job.id))?.waiting === 4);
  server.script(path, () => DECLINE);
  for (const resolve of release) resolve();
  expect(statuses(await untilFinished(job))).toEqual(Array.from({ length: 105 }, () => 'declined'));
  expect(await jobs.find(store.db, job.id)).toMatchObject({ inFlight: 0, waiting: 0 });
});

test('pausing cancels what waits, and lets the running one finish', async () => {
  const { job, path } = await setup(4, { catchUpPolicy: 'all' });
  const answer = Promise.withResolvers<Answer>();
  server.script(path, ({ body }) => (body['phase'] === 'check' ? PERFORM : answer.promise));
  await claim(job);
  await waitUntil(() => calls(path).length === 2);
  await pause(job);
  expect(await jobs.find(store.db, job.id)).toMatchObject({ inFlight: 1, waiting: 0, status: 'paused' });

  answer.resolve({ body: {} });
  const ledger = await untilFinished(job);
  expect(statuses(ledger)).toEqual(['succeeded', 'cancelled', 'cancelled', 'cancelled']);
  expect(ledger[1]).toMatchObject({
    reason: 'the job was paused while this execution waited',
    startedAt: null,
  });
  expect(calls(path)).toHaveLength(2);
  expect(await jobs.find(store.db, job.id)).toMatchObject({ inFlight: 0, waiting: 0, runCount: 1 });
});

test('a 410 in a backlog pauses the job, and cancels what waits (SPEC 4)', async () => {
  const { job, path } = await setup(4, { catchUpPolicy: 'all' });
  const answers: Answer[] = [DECLINE, { status: 410 }];
  server.script(path, () => answers.shift() ?? 'hang');
  await claim(job);
  expect(statuses(await untilFinished(job))).toEqual(['declined', 'failed', 'cancelled', 'cancelled']);
  expect(await jobs.find(store.db, job.id)).toMatchObject({
    status: 'paused',
    statusReason: 'the function answered 410 Gone',
    inFlight: 0,
    waiting: 0,
  });
});

test('a 410 cancels the backlog of a job that is completed as well, because end_at has passed', async () => {
  const { job, path } = await setup(4, { catchUpPolicy: 'all' });
  const endAt = new Date(job.anchor.getTime() + 4 * MINUTE);
  await store.pool.query('UPDATE automation_jobs SET end_at = $2 WHERE id = $1', [job.id, endAt]);
  const answer = Promise.withResolvers<Answer>();
  server.script(path, () => answer.promise);
  await claim(job);
  expect(await jobs.find(store.db, job.id)).toMatchObject({ status: 'completed', inFlight: 4 });
  answer.resolve({ status: 410 });
  expect(statuses(await untilFinished(job))).toEqual(['failed', 'cancelled', 'cancelled', 'cancelled']);
  expect(await jobs.find(store.db, job.id)).toMatchObject({ status: 'completed', inFlight: 0, waiting: 0 });
});

test('pause_after_failures in a backlog cancels what waits', async () => {
  const { job, path } = await setup(5, { catchUpPolicy: 'all', pauseAfterFailures: 2 });
  server.script(path, () => ({ status: 404 }));
  await claim(job);
  expect(statuses(await untilFinished(job))).toEqual([
    'failed',
    'failed',
    'cancelled',
    'cancelled',
    'cancelled',
  ]);
  expect(await jobs.find(store.db, job.id)).toMatchObject({ status: 'paused', inFlight: 0, waiting: 0 });
});

test('max_runs in a backlog: as many run as are left, and the job is completed (SPEC 1)', async () => {
  const { job, path } = await setup(5, { catchUpPolicy: 'all', maxRuns: 3 });
  server.script(path, () => PERFORM);
  await claim(job);
  expect(statuses(await untilFinished(job))).toEqual([
    'succeeded',
    'succeeded',
    'succeeded',
    'skipped',
    'skipped',
  ]);
  const after = await waitUntil(async () => {
    const found = await jobs.find(store.db, job.id);
    return found?.status === 'completed' && found;
  });
  expect(after).toMatchObject({ runCount: 3, inFlight: 0, waiting: 0, nextRun: null });
});

test('what came due and was not claimed is missed when recording stops the job (SPEC 3, the ledger)', async () => {
  const { job, path } = await setup(1);
  const answer = Promise.withResolvers<Answer>();
  server.script(path, () => answer.promise);
  await claim(job);
  await waitUntil(() => calls(path).length === 1);
  // Time passes without a scheduler: the job's occurrences are now a few minutes old.
  const from = new Date(job.anchor.getTime() - 2 * MINUTE);
  await store.pool.query(
    'UPDATE automation_jobs SET next_run = $2, next_occurrence = $2, anchor = $2 WHERE id = $1',
    [job.id, from],
  );
  answer.resolve({ status: 410 });
  await waitUntil(async () => (await jobs.find(store.db, job.id))?.status === 'paused');
  const { rows } = await store.pool.query<object>(
    'SELECT account_id, from_at, to_at, count FROM automation_missed_runs WHERE job_id = $1',
    [job.id],
  );
  expect(rows).toEqual([
    { account_id: job.accountId, from_at: from, to_at: new Date(from.getTime() + 3 * MINUTE), count: 4 },
  ]);
});
