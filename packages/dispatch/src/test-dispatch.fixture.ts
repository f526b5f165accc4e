import { type Job, type NewJob, packTasks, planClaim } from '@automation/domain';
import { createTaskQueue, installQueues, newTask, QUEUES, type TaskQueue } from '@automation/queue';
import { advanceJobs, insertExecutions, jobs, migrate, openStore, type Store } from '@automation/store';
import { buildCreation, buildJob, createTestDatabase, MANY_JOBS, waitForSessions } from '@automation/testing';

const MINUTE = 60_000;

/** A store and a queue on a database of its own; nobody takes the tasks. */
export interface TestDispatch {
  store: Store;
  queue: TaskQueue;
  /** The executions of each task that waits in a phase's queue, oldest first. */
  queued(phase: 'check' | 'perform'): Promise<string[][]>;
  dispose(): Promise<void>;
}

const onError = () => undefined;

export async function openTestDispatch(poolSize = 5): Promise<TestDispatch> {
  const database = await createTestDatabase(migrate, installQueues);
  const store = openStore({
    url: database.url,
    poolSize,
    applicationName: 'test',
    onConnectionError: onError,
  });
  waitForSessions(store.pool);
  const queue = createTaskQueue({ pool: store.pool, listener: store.listener, supervise: false, onError });
  await queue.start();
  return {
    store,
    queue,
    queued: async (phase) => {
      const { rows } = await store.pool.query<{ ids: string[] }>(
        `SELECT data->'executionIds' AS ids FROM pgboss.job WHERE name = $1 AND state = 'created' ORDER BY created_on, id`,
        [QUEUES[phase]],
      );
      return rows.map(({ ids }) => ids);
    },
    dispose: async () => {
      await queue.stop();
      await store.close();
      await database.drop();
    },
  };
}

/** A job of every minute whose last `overdue` occurrences nobody has claimed. */
export async function insertOverdueJob(
  { store }: TestDispatch,
  overdue: number,
  definition: Partial<NewJob> = {},
): Promise<Job> {
  const anchor = new Date(Math.floor(Date.now() / MINUTE) * MINUTE - overdue * MINUTE);
  const job = buildJob(
    { accountId: 'acc', functionId: 'fn', schedule: '@every 1m', ...definition },
    { anchor, nextRun: new Date(anchor.getTime() + MINUTE) },
  );
  await store.db.transaction().execute((trx) => jobs.insert(trx, job, buildCreation(job), MANY_JOBS));
  return job;
}

/** Claims up to `limit` executions of a job, as a scheduler does; those that the ledger had not yet, oldest first. */
export async function claim({ store, queue }: TestDispatch, jobId: string, limit = 1_000) {
  return queue.transaction(store.db, async (trx, writer) => {
    const job = await jobs.findForUpdate(trx, jobId);
    const { nextRun, nextOccurrence } = job ?? { nextRun: null, nextOccurrence: null };
    if (job === undefined || nextRun === null || nextOccurrence === null) return [];
    const plan = planClaim({ ...job, nextRun, nextOccurrence }, new Date(), limit);
    const ready = plan.executions.filter(({ state }) => state === 'ready');
    const tasks = packTasks(ready).map((group) => newTask(group));
    const taskOf = new Map(
      tasks.flatMap((task) => task.executionIds.map((each) => [each, task.id] as const)),
    );
    const claimed = plan.executions.map((each) => ({ ...each, taskId: taskOf.get(each.id) ?? null }));
    const inserted = await insertExecutions(trx, claimed);
    const written = claimed.filter(({ id }) => inserted.has(id));
    const count = (state: string) => written.filter((each) => each.state === state).length;
    const advance = {
      id: jobId,
      nextRun: plan.next?.dueAt ?? null,
      nextOccurrence: plan.next?.scheduledFor ?? null,
      status: plan.status,
      statusReason: plan.statusReason,
      started: count('ready') + count('waiting'),
      waiting: count('waiting'),
      skipped: count('skipped'),
    };
    await advanceJobs(trx, [advance]);
    await writer.enqueue('check', tasks);
    return written;
  });
}
