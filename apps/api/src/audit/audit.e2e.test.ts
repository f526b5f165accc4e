import { type Job, newId, type NewJob } from '@automation/domain';
import { jobs } from '@automation/store';
import { buildCreation, buildJob, MANY_JOBS, waitUntil } from '@automation/testing';

import { createJob, startTestApi, statusesOf, type Tenant, type TestApi } from '../api.fixture.ts';

const DAY_MS = 86_400_000;
/** The history begins yesterday. */
const YESTERDAY = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS;
const hour = (n: number) => new Date(YESTERDAY + n * 3_600_000);
const hours = (...all: number[]) => all.map(hour);
const text = (at: Date) => at.toISOString().replace('.000Z', 'Z');
const window = (from: Date, to: Date) => `from=${text(from)}&to=${text(to)}`;
const morning = window(hour(0), hour(7));

let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi();
});

beforeEach(async () => {
  await api.store.pool.query(
    'TRUNCATE automation_jobs, automation_timetables, automation_executions, automation_missed_runs',
  );
  tenant = await api.newTenant();
});

afterAll(() => api.stop());

/** An hourly job that was created at the beginning of yesterday, claimed up to the seventh hour. */
async function newJob(definition: Partial<NewJob> = {}, state: Partial<Job> = {}): Promise<Job> {
  const job = buildJob(
    { accountId: tenant.accountId, functionId: 'fn', ...definition },
    { createdAt: hour(0), anchor: hour(0), nextRun: hour(7), ...state },
  );
  await api.store.db.transaction().execute((trx) => jobs.insert(trx, job, buildCreation(job), MANY_JOBS));
  return job;
}

/** Writes executions into a job's ledger, each begun 100 ms after it was due. */
async function execute(job: Job, instants: readonly Date[], columns: object = {}): Promise<void> {
  const rows = instants.map((at) => ({
    id: newId(at),
    jobId: job.id,
    accountId: job.accountId,
    functionId: job.functionId,
    trigger: 'schedule' as const,
    scheduledFor: at,
    dueAt: at,
    status: 'succeeded' as const,
    startedAt: new Date(at.getTime() + 100),
    reason: null,
    taskId: null,
    taskAttempt: null,
    performInput: null,
    checkResult: null,
    performResult: null,
    completedAt: null,
    ...columns,
  }));
  await api.store.db.insertInto('automationExecutions').values(rows).execute();
}

async function miss(job: Job, from: Date, to: Date, count: number): Promise<void> {
  const row = { jobId: job.id, accountId: job.accountId, fromAt: from, toAt: to, count, reason: 'down' };
  await api.store.db.insertInto('automationMissedRuns').values(row).execute();
}

const auditOf = async (job: Job | Record<string, unknown>, query = morning) =>
  (await tenant.get(`/automation/jobs/${String(job['id'])}/audit?${query}`)).body;

const NOTHING = { due: 0, unaccounted: 0, unexpected: 0, unreadable: 0 };

describe('GET /automation/jobs/{id}/audit', () => {
  test('answers every kind of outcome, lateness, and that nothing is unaccounted for', async () => {
    const job = await newJob();
    await execute(job, hours(1));
    await execute(job, hours(2), { status: 'declined', startedAt: new Date(hour(2).getTime() + 1_900) });
    await execute(job, hours(3), { status: 'skipped', startedAt: null });
    await execute(job, hours(4), { status: 'timed_out', trigger: 'catch_up' });
    await miss(job, hour(5), hour(6), 2);
    await execute(job, [new Date(hour(2).getTime() + 90_000)], { trigger: 'manual', status: 'failed' });
    expect(Object.entries(await auditOf(job))).toEqual(
      Object.entries({
        job_id: job.id,
        from: text(hour(0)),
        to: text(hour(7)),
        history_from: text(hour(0)),
        expected: 6,
        succeeded: 1,
        declined: 1,
        failed: 0,
        timed_out: 1,
        cancelled: 0,
        skipped: 1,
        missed: 2,
        open: 0,
        ...NOTHING,
        manual: 1,
        lateness_ms: { p50: 100, p95: 1_900, max: 1_900 },
      }),
    );
  });

  test('what runs is open, what is not claimed yet is due', async () => {
    const job = await newJob({}, { nextRun: hour(4) });
    await execute(job, hours(1, 2, 3), { status: 'performing' });
    expect(await auditOf(job)).toMatchObject({ expected: 6, open: 3, ...NOTHING, due: 3 });
  });

  test.each<[string, (job: Job) => Promise<void>, object]>([
    ['an occurrence is missing', (job) => execute(job, hours(1, 2, 4, 5, 6)), { unaccounted: 1 }],
    ['all are missing', async () => undefined, { unaccounted: 6 }],
    [
      'an execution is of no occurrence',
      (job) => execute(job, [...hours(1, 2, 3, 4, 5, 6), new Date(hour(3).getTime() + 1)]),
      { unexpected: 1 },
    ],
    [
      'one was missed and executed',
      async (job) => {
        await execute(job, hours(1, 2, 3, 4));
        await miss(job, hour(4), hour(6), 3);
      },
      { unexpected: 1 },
    ],
    ['a missed run counts too few', (job) => miss(job, hour(1), hour(6), 4), { missed: 4, unaccounted: 2 }],
    ['a missed run counts too many', (job) => miss(job, hour(1), hour(6), 7), { missed: 7, unexpected: 1 }],
    ['a missed run ends too early', (job) => miss(job, hour(1), hour(4), 4), { unaccounted: 2 }],
  ])('%s', async (_violation, plant, differences) => {
    const job = await newJob();
    await plant(job);
    expect(await auditOf(job)).toMatchObject({ expected: 6, ...NOTHING, ...differences });
  });

  test('an execution while the job was paused is unexpected', async () => {
    const job = await newJob();
    await execute(job, hours(1, 2, 3, 4, 5, 6));
    await api.store.pool.query('UPDATE automation_timetables SET until_at = $1', [hour(4.5)]);
    expect(await auditOf(job)).toMatchObject({ expected: 4, ...NOTHING, unexpected: 2 });
  });

  test('without a window it is of the last 24 hours, and the future is none of its business', async () => {
    const job = await createJob(tenant, { schedule: '@yearly' });
    const before = Date.now();
    const { from, to, expected } = await auditOf(job, '');
    expect(Date.parse(String(to))).toBeGreaterThan(before - 5_000);
    expect(Date.parse(String(from))).toBe(Date.parse(String(to)) - DAY_MS);
    expect(expected).toBe(0);
    const later = await auditOf(job, `from=2999-01-01T00:00:00Z`);
    expect(later['from']).toBe(later['to']);
    expect(Date.parse(String(later['to']))).toBeLessThan(before + 60_000);
  });

  test('history that is dropped is left out, and the answer says so', async () => {
    const job = await newJob({}, { createdAt: hour(-99) });
    expect(await auditOf(job, window(hour(-48), hour(3)))).toMatchObject({
      from: text(hour(0)),
      history_from: text(hour(0)),
      expected: 3,
    });
    expect(await auditOf(job, window(hour(-48), hour(-24)))).toMatchObject({ expected: 0, unaccounted: 0 });
  });

  test.each([
    ['from=yesterday', 'from must be an RFC 3339 date and time, got "yesterday"'],
    ['to=2026-02-30T00:00:00Z', 'to must be an RFC 3339 date and time, got "2026-02-30T00:00:00Z"'],
    [
      'from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
      'to must be later than from (2026-01-02T00:00:00Z), got "2026-01-01T00:00:00Z"',
    ],
    [
      'from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00Z',
      'to must be later than from (2026-01-02T00:00:00Z), got "2026-01-02T00:00:00Z"',
    ],
    ['since=2026-01-02T00:00:00Z', 'unknown parameter: since'],
  ])('refuses %s', async (query, message) => {
    expect(await auditOf(await newJob(), query)).toMatchObject({ code: 'VALIDATION_ERROR', message });
  });

  test("another account's job is 403, an unknown one 404", async () => {
    const job = await newJob();
    const stranger = await api.newTenant();
    expect((await stranger.get(`/automation/jobs/${job.id}/audit`)).status).toBe(403);
    expect((await tenant.get(`/automation/jobs/${newId(new Date())}/audit`)).status).toBe(404);
  });
});

const service = async (query = morning) => (await api.admin.get(`/automation/audit?${query}`)).body;

describe('GET /automation/audit', () => {
  test('adds up all jobs of all accounts, and names those with a defect', async () => {
    const clean = await newJob();
    await execute(clean, hours(1, 2, 3, 4, 5, 6));
    tenant = await api.newTenant();
    const [gap, stranger] = [await newJob(), await newJob()];
    await execute(gap, hours(1, 2, 5, 6));
    await execute(stranger, [...hours(1, 2, 3, 4, 5, 6), hour(6.5)], { status: 'failed' });
    await newJob({ enabled: false }, { nextRun: null });
    const defects = [
      { job_id: gap.id, unaccounted: 2, unexpected: 0 },
      { job_id: stranger.id, unaccounted: 0, unexpected: 1 },
    ];
    expect(await service()).toMatchObject({
      jobs: 3,
      expected: 18,
      succeeded: 10,
      failed: 7,
      unaccounted: 2,
      unexpected: 1,
      lateness_ms: { p50: 100, p95: 100, max: 100 },
      defects: defects.toSorted((a, b) => (a.job_id < b.job_id ? -1 : 1)),
    });
  });

  test('a job whose schedule can no longer be read does not stop the others', async () => {
    const [broken, gap] = [await newJob(), await newJob()];
    await api.store.pool.query(
      `UPDATE automation_timetables SET timezone = 'Mars/Olympus' WHERE job_id = $1`,
      [broken.id],
    );
    await execute(broken, hours(1, 2));
    await execute(gap, hours(2, 3, 4, 5, 6));
    expect(await service()).toMatchObject({
      jobs: 2,
      expected: 8,
      unreadable: 1,
      unaccounted: 1,
      defects: [{ job_id: gap.id }],
    });
  });

  test('names a hundred defects at most, and counts all', async () => {
    for (let n = 0; n < 101; n++) await newJob();
    const body = await service();
    expect(body).toMatchObject({ jobs: 101, unaccounted: 606 });
    expect(body['defects']).toHaveLength(100);
  });

  test('an empty service has nothing to account for', async () => {
    expect(await service('')).toMatchObject({ jobs: 0, expected: 0, lateness_ms: null, defects: [] });
  });

  test('is for admins', async () => {
    expect((await tenant.get('/automation/audit')).status).toBe(403);
  });
});

const auditService = () => api.admin.get('/automation/audit');

/** Works while nobody can read the timetables. */
async function whileLocked(work: (unlock: () => Promise<unknown>) => Promise<void>): Promise<void> {
  const locked = await api.store.pool.connect();
  try {
    // Idle for as long as the audits wait.
    await locked.query('BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0');
    await locked.query('LOCK TABLE automation_timetables');
    await work(() => locked.query('ROLLBACK'));
  } finally {
    await locked.query('ROLLBACK');
    locked.release();
  }
}

/** The sessions of so many audits that wait. */
const waiting = (count: number) =>
  waitUntil(
    async () => {
      const { rows } = await api.store.pool.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows.length === count && rows;
    },
    { what: `${count} audits that wait` },
  );

/** Does to the one that waits what the time-out of a statement does. */
async function cancelWaiting(): Promise<void> {
  for (const { pid } of await waiting(1)) {
    await api.store.pool.query('SELECT pg_cancel_backend($1)', [pid]);
  }
}

describe('while the timetables cannot be read', () => {
  test('an audit of a job or of the service is 503', async () => {
    const job = await newJob();
    const audits = [() => tenant.get(`/automation/jobs/${job.id}/audit`), auditService];
    await whileLocked(async () => {
      for (const audit of audits) {
        const asked = audit();
        await cancelWaiting();
        expect(await asked).toMatchObject({
          status: 503,
          body: { code: 'UNAVAILABLE', message: 'the database is too busy to tell' },
        });
      }
    });
  });

  test('two audits of the service wait, and another one is refused until one of them is over', async () => {
    await newJob();
    await whileLocked(async (unlock) => {
      const first = [auditService(), auditService()];
      await waiting(2);
      expect(await auditService()).toMatchObject({
        status: 503,
        headers: { 'retry-after': '1' },
        body: { message: 'more than 2 audits of the whole service at the same time, try again' },
      });
      await unlock();
      expect(statusesOf(await Promise.all(first))).toEqual([200, 200]);
    });
    expect((await auditService()).status).toBe(200);
  });
});
