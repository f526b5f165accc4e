import type { Job, NewJob } from '@automation/domain';
import { CATCH_UP_AT_ONCE, CATCH_UP_POLICIES, instantText, newId, nextOccurrence } from '@automation/domain';
import { createTaskQueue, installQueues, type TaskQueue } from '@automation/queue';
import { createLogger, createRegistry, noTracer } from '@automation/service-kit';
import { type Database, executions, jobs, migrate, openStore, type Store } from '@automation/store';
import {
  buildCreation,
  buildJob,
  createTestDatabase,
  MANY_JOBS,
  type TestDatabase,
  waitForSessions,
} from '@automation/testing';

import { type Claim, claimBatch } from './claim-batch.ts';
import { createSchedulerMetrics } from './metrics.ts';
import { tick } from './tick.ts';

const MINUTE = 60_000;
const ignore = () => undefined;
const OPTIONS = { batchSize: 100, timeoutMs: 10_000 };

let database: TestDatabase;
let store: Store;
let queue: TaskQueue;

beforeAll(async () => {
  database = await createTestDatabase(migrate, installQueues);
  store = open();
  waitForSessions(store.pool);
  queue = queueOf(store);
  await queue.start();
});

afterEach(async () => {
  await store.pool.query(`
    TRUNCATE automation_jobs, automation_executions, automation_waiting_executions, automation_missed_runs;
    DELETE FROM pgboss.job`);
});

afterAll(async () => {
  await queue.stop();
  await store.close();
  await database.drop();
});

function open(): Store {
  return openStore({ url: database.url, poolSize: 3, applicationName: 'test', onConnectionError: ignore });
}

function queueOf({ pool, listener }: Store): TaskQueue {
  return createTaskQueue({ pool, listener, supervise: false, onError: ignore });
}

/**
 * A job of every minute that nobody has claimed for as many occurrences, the last of them half a minute ago, and the
 * following one not before the test is over.
 */
async function insertOverdue(
  occurrences: number,
  definition: Partial<NewJob> = {},
  state: Partial<Job> = {},
): Promise<Job> {
  const anchor = new Date(Math.floor(Date.now() / 1_000) * 1_000 - occurrences * MINUTE - MINUTE / 2);
  const nextRun = new Date(anchor.getTime() + MINUTE);
  const job = buildJob(
    {
      accountId: 'acc',
      functionId: 'fn',
      schedule: '@every 1m',
      catchUpWindowSeconds: 604_800,
      ...definition,
    },
    { anchor, nextRun, ...state },
  );
  await store.db.transaction().execute((trx) => jobs.insert(trx, job, buildCreation(job), MANY_JOBS));
  return job;
}

/** The nth occurrence of such a job, counted from 1. */
const occurrence = (job: Job, n: number) => new Date(job.anchor.getTime() + n * MINUTE);

const claim = (db: Database = store.db, batchSize = OPTIONS.batchSize) =>
  claimBatch(db, queue, { ...OPTIONS, batchSize });

/** Claims until nothing is due any more. */
async function claimAll(batchSize = OPTIONS.batchSize): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (;;) {
    const next = await claim(store.db, batchSize);
    if (next.jobs === 0) return claims;
    claims.push(next);
  }
}

interface LedgerRow {
  at: Date;
  status: string;
  reason: string | null;
  trigger: string;
  has_task: boolean;
  waits: boolean;
}

async function ledgerOf(job: Job): Promise<LedgerRow[]> {
  const { rows } = await store.pool.query<LedgerRow>(
    `SELECT e.scheduled_for AS at, e.status, e.reason, e.trigger, e.task_id IS NOT NULL AS has_task,
            w.execution_id IS NOT NULL AS waits
     FROM automation_executions e
     LEFT JOIN automation_waiting_executions w ON w.execution_id = e.id AND w.job_id = e.job_id
     WHERE e.job_id = $1 ORDER BY e.scheduled_for`,
    [job.id],
  );
  return rows;
}

async function missedOf(job: Job): Promise<unknown[]> {
  const { rows } = await store.pool.query<object>(
    `SELECT from_at, to_at, count, reason, account_id FROM automation_missed_runs WHERE job_id = $1`,
    [job.id],
  );
  return rows;
}

/** Execution ids in tasks that workers may fetch. */
async function enqueuedIds(): Promise<string[]> {
  const { rows } = await store.pool.query<{ id: string }>(
    `SELECT jsonb_array_elements_text(data->'executionIds') AS id FROM pgboss.job WHERE state = 'created'`,
  );
  return rows.map(({ id }) => id);
}

/** The statements of a claim, but for the transaction's begin and commit. */
async function statementsOfClaim(): Promise<{ claimed: Claim; statements: number }> {
  let statements = 0;
  const counting = store.db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: ({ result }) => {
      statements += 1;
      return Promise.resolve(result);
    },
  });
  return { claimed: await claim(counting), statements };
}

/** As many jobs of each policy, three occurrences behind. */
async function insertOutage(jobsPerPolicy: number): Promise<void> {
  for (const catchUpPolicy of CATCH_UP_POLICIES) {
    for (let n = 0; n < jobsPerPolicy; n++) await insertOverdue(3, { catchUpPolicy });
  }
}

/** The first occurrence has run before. */
async function writeFirst(job: Job): Promise<void> {
  const scheduledFor = occurrence(job, 1);
  await store.pool.query(
    `INSERT INTO automation_executions (id, job_id, account_id, function_id, trigger, scheduled_for, due_at, status, completed_at)
     VALUES ($1, $2, 'acc', 'fn', 'schedule', $3, $3, 'succeeded', now())`,
    [newId(scheduledFor), job.id, scheduledFor],
  );
}

describe('what an outage costs (SPEC 3.3)', () => {
  test('catching up costs statements by the batch, not by the job', async () => {
    await insertOutage(1);
    const few = await statementsOfClaim();
    expect(few.claimed).toMatchObject({ jobs: 3, executions: { length: 5 }, missed: { length: 2 } });

    await insertOutage(20);
    const many = await statementsOfClaim();
    expect(many.claimed).toMatchObject({ jobs: 60, executions: { length: 100 }, missed: { length: 40 } });

    expect(many.statements).toBe(few.statements);
    expect(many.statements).toBeLessThanOrEqual(8);
  });

  test('latest: one execution for each job, and a row for what it missed', async () => {
    const due = [await insertOverdue(5), await insertOverdue(1_440)];
    await claimAll();
    for (const [job, count] of [[due[0]!, 5] as const, [due[1]!, 1_440] as const]) {
      expect(await ledgerOf(job)).toEqual([
        {
          at: occurrence(job, count),
          status: 'pending',
          reason: null,
          trigger: 'catch_up',
          has_task: true,
          waits: false,
        },
      ]);
      expect(await missedOf(job)).toEqual([
        {
          from_at: occurrence(job, 1),
          to_at: occurrence(job, count - 1),
          count: count - 1,
          reason: 'catch_up_policy: latest',
          account_id: 'acc',
        },
      ]);
      expect(await jobs.find(store.db, job.id)).toMatchObject({
        nextRun: occurrence(job, count + 1),
        nextOccurrence: occurrence(job, count + 1),
        inFlight: 1,
        waiting: 0,
      });
    }
  });

  test('none: what is in time runs, and the rest is missed', async () => {
    const job = await insertOverdue(4, { catchUpPolicy: 'none' });
    await claimAll();
    expect(await ledgerOf(job)).toMatchObject([
      { at: occurrence(job, 4), trigger: 'schedule', has_task: true },
    ]);
    expect(await missedOf(job)).toMatchObject([
      { from_at: occurrence(job, 1), to_at: occurrence(job, 3), count: 3, reason: 'catch_up_policy: none' },
    ]);
  });

  test('all: what is beyond the window is missed', async () => {
    const job = await insertOverdue(60, { catchUpPolicy: 'all', catchUpWindowSeconds: 3 * 60 });
    await claimAll();
    expect((await ledgerOf(job)).map(({ at }) => at)).toEqual([58, 59, 60].map((n) => occurrence(job, n)));
    expect(await missedOf(job)).toMatchObject([
      { from_at: occurrence(job, 1), to_at: occurrence(job, 57), count: 57 },
    ]);
  });
});

describe('all: a backlog of a thousand, in batches of a hundred', () => {
  test.each([
    ['skip', 1],
    ['queue', 1],
    ['allow', CATCH_UP_AT_ONCE],
  ] as const)(
    '%s: oldest first, a batch at a time, and %i at a time to the workers',
    async (overlapPolicy, atOnce) => {
      const job = await insertOverdue(1_000, { catchUpPolicy: 'all', overlapPolicy });
      const claims = await claimAll();

      expect(claims.map((each) => each.executions.length)).toEqual(Array.from({ length: 10 }, () => 100));
      expect(claims.flatMap((each) => each.executions.map(({ scheduledFor }) => scheduledFor))).toEqual(
        Array.from({ length: 1_000 }, (_, n) => occurrence(job, n + 1)),
      );
      const rows = await ledgerOf(job);
      expect(rows.map(({ has_task, waits }) => (has_task ? !waits : waits))).toEqual(rows.map(() => true));
      expect(rows.filter(({ has_task }) => has_task).map(({ at }) => at)).toEqual(
        Array.from({ length: atOnce }, (_, n) => occurrence(job, n + 1)),
      );
      expect(await enqueuedIds()).toHaveLength(atOnce);
      expect(await missedOf(job)).toEqual([]);
      expect(await jobs.find(store.db, job.id)).toMatchObject({
        nextOccurrence: occurrence(job, 1_001),
        inFlight: 1_000,
        waiting: 1_000 - atOnce,
      });
    },
  );

  test('the backlog of one job leaves every other job its turn in the same claim', async () => {
    const flood = await insertOverdue(1_000, { catchUpPolicy: 'all' });
    const others = await Promise.all(Array.from({ length: 30 }, () => insertOverdue(1)));
    const first = await claim();
    const perJob = Map.groupBy(first.executions, ({ jobId }) => jobId);
    expect(perJob.get(flood.id)).toHaveLength(70);
    for (const other of others) expect(perJob.get(other.id)).toHaveLength(1);
  });

  test('a tick makes a single claim of a backlog, however much is left of it', async () => {
    const job = await insertOverdue(1_000, { catchUpPolicy: 'all' });
    await tickOnce();
    expect(await ledgerOf(job)).toHaveLength(100);
  });

  test('a burst is claimed in batches that begin small and double, so that its first checks are soon on their way', async () => {
    for (let n = 0; n < 260; n += 1) await insertOverdue(1);
    await tickOnce();
    const { rows } = await store.pool.query<{ claimed: number }>(
      'SELECT count(*)::int AS claimed FROM automation_executions GROUP BY created_at ORDER BY created_at',
    );
    expect(rows.map(({ claimed }) => claimed)).toEqual([50, 100, 100, 10]);
  });
});

function tickOnce(): Promise<void> {
  const logger = createLogger({ service: 'test', level: 'error', format: 'json' });
  const metrics = createSchedulerMetrics(createRegistry('test'));
  const outage = { noticed: () => false };
  return tick(
    { db: store.db, queue, logger, outage, metrics, tracer: noTracer },
    { ...OPTIONS, from: null },
    new AbortController().signal,
  );
}

const READY = { status: 'pending', reason: null, has_task: true, waits: false };
const WAITS = { status: 'pending', reason: null, has_task: false, waits: true };
const skipped = (reason: string) => ({ status: 'skipped', reason, has_task: false, waits: false });

describe('overlap_policy (SPEC 3.4)', () => {
  test.each([
    ['skip', 0, 0, READY],
    ['skip', 1, 0, skipped('overlap: the previous execution has not finished')],
    ['queue', 0, 0, READY],
    ['queue', 1, 0, WAITS],
    ['queue', 2, 1, skipped('overlap: an execution is waiting for the previous one already')],
    ['allow', 7, 0, READY],
  ] as const)(
    '%s, with %i in flight of which %i wait',
    async (overlapPolicy, inFlight, waiting, expected) => {
      const job = await insertOverdue(1, { overlapPolicy }, { inFlight, waiting });
      await claimAll();
      expect(await ledgerOf(job)).toMatchObject([{ at: occurrence(job, 1), ...expected }]);
      const started = expected.status === 'pending' ? 1 : 0;
      expect(await jobs.find(store.db, job.id)).toMatchObject({
        inFlight: inFlight + started,
        waiting: waiting + (expected.waits ? 1 : 0),
      });
      expect(await enqueuedIds()).toHaveLength(expected.has_task ? 1 : 0);
    },
  );
});

describe('many replicas', () => {
  test('max_runs is never exceeded, and no occurrence is claimed twice, however they race (SPEC 1)', async () => {
    const policies = { catchUpPolicy: 'all', overlapPolicy: 'allow' } as const;
    const due = await Promise.all(
      Array.from({ length: 20 }, () => insertOverdue(10, { ...policies, maxRuns: 3 })),
    );
    const replicas = Array.from({ length: 5 }, open);
    try {
      const isDue = async () =>
        (await store.pool.query('SELECT 1 FROM automation_jobs WHERE next_run <= now() LIMIT 1')).rowCount ===
        1;
      while (await isDue()) await Promise.all(replicas.map((replica) => claim(replica.db, 7)));
    } finally {
      await Promise.all(replicas.map((replica) => replica.close()));
    }

    for (const job of due) {
      const rows = await ledgerOf(job);
      expect(rows.map(({ at }) => at)).toEqual(Array.from({ length: 10 }, (_, n) => occurrence(job, n + 1)));
      expect(rows.map(({ status }) => status)).toEqual([
        'pending',
        'pending',
        'pending',
        ...Array.from({ length: 7 }, () => 'skipped'),
      ]);
      expect(await jobs.find(store.db, job.id)).toMatchObject({ inFlight: 3, waiting: 0 });
    }
    const ids = await enqueuedIds();
    expect(ids).toHaveLength(60);
    expect(new Set(ids).size).toBe(60);
  });
});

describe('what the job itself says', () => {
  test('jitter: it is due when its jitter has passed, and both times are in the ledger (SPEC 3.5)', async () => {
    const [early, job] = [
      await insertOverdue(1, { jitterSeconds: 30 }),
      await insertOverdue(1, { jitterSeconds: 30 }),
    ];
    await store.pool.query('UPDATE automation_jobs SET next_run = $2 WHERE id = $1', [
      early.id,
      new Date(Date.now() + MINUTE),
    ]);
    await claimAll();
    expect(await ledgerOf(early)).toEqual([]);
    const { rows } = await store.pool.query<object>(
      'SELECT scheduled_for, due_at FROM automation_executions WHERE job_id = $1',
      [job.id],
    );
    expect(rows).toEqual([{ scheduled_for: occurrence(job, 1), due_at: job.nextRun }]);
    const next = nextOccurrence(job, occurrence(job, 1))!;
    expect(await jobs.find(store.db, job.id)).toMatchObject({
      nextOccurrence: occurrence(job, 2),
      nextRun: next.dueAt,
    });
  });

  test('end_at: the last occurrence runs, and the job is completed with its reason', async () => {
    const job = await insertOverdue(3, { catchUpPolicy: 'all', overlapPolicy: 'allow' });
    const endAt = new Date(occurrence(job, 2).getTime() + 1_000);
    await store.pool.query('UPDATE automation_jobs SET end_at = $2 WHERE id = $1', [job.id, endAt]);
    const [claimed] = await claimAll();
    const statusReason = `schedule "@every 1m" has no further run before end_at ${instantText(endAt)}`;
    const { id: jobId, accountId, functionId } = job;
    const ended = { jobId, accountId, functionId, status: 'completed', reason: statusReason };
    expect(claimed!.ended).toEqual([ended]);
    expect((await ledgerOf(job)).map(({ at }) => at)).toEqual([occurrence(job, 1), occurrence(job, 2)]);
    expect(await jobs.find(store.db, job.id)).toMatchObject({
      status: 'completed',
      enabled: false,
      nextRun: null,
      nextOccurrence: null,
      statusReason,
      inFlight: 2,
      version: job.version + 1,
    });
  });

  test('a schedule that can no longer be read pauses the job, and cancels what waits', async () => {
    const job = await insertOverdue(3, { catchUpPolicy: 'all' });
    await claimAll();
    await store.pool.query(
      `UPDATE automation_jobs SET timezone = 'Mars/Base', next_run = now() WHERE id = $1`,
      [job.id],
    );
    await claimAll();
    expect(await ledgerOf(job)).toMatchObject([
      { status: 'pending', has_task: true },
      { status: 'cancelled', waits: false },
      { status: 'cancelled', waits: false },
    ]);
    expect(await jobs.find(store.db, job.id)).toMatchObject({ status: 'paused', inFlight: 1, waiting: 0 });
  });
});

describe('an occurrence that is in the ledger already: the job was resumed while the clock was behind', () => {
  test('does not run again', async () => {
    const job = await insertOverdue(1);
    await writeFirst(job);
    const [claimed] = await claimAll();
    expect(claimed!.executions).toEqual([]);
    expect(await ledgerOf(job)).toMatchObject([{ status: 'succeeded' }]);
    expect(await jobs.find(store.db, job.id)).toMatchObject({
      inFlight: 0,
      nextOccurrence: occurrence(job, 2),
    });
  });

  test('is not waited for by those after it', async () => {
    const job = await insertOverdue(4, { catchUpPolicy: 'all' });
    await writeFirst(job);
    await claimAll();
    expect(await ledgerOf(job)).toMatchObject([
      { status: 'succeeded' },
      { status: 'pending', has_task: true, waits: false },
      { status: 'pending', has_task: false, waits: true },
      { status: 'pending', has_task: false, waits: true },
    ]);
    expect(await jobs.find(store.db, job.id)).toMatchObject({ inFlight: 3, waiting: 2 });
    const second = (await executions.list(store.db, { jobId: job.id, limit: 4 }))[2];
    expect(await enqueuedIds()).toContain(second!.id);
  });
});
