import {
  type Answer,
  createJob,
  nextPageOf,
  recordOf,
  startTestApi,
  type Tenant,
  type TestApi,
} from '../api.fixture.ts';
import { record, startExecution, take } from './under-way.fixture.ts';

let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi();
  tenant = await api.newTenant();
});

afterAll(() => api.stop());

const pathOf = (job: Record<string, unknown>) => `/automation/jobs/${String(job['id'])}/executions`;
const idsOf = ({ items }: Answer) => items.map(({ id }) => id);

/** Runs a job by hand that often; the ids, newest first. */
async function run(job: Record<string, unknown>, times: number): Promise<unknown[]> {
  const ids = [];
  for (let n = 0; n < times; n += 1) {
    const { body } = await tenant.post(`/automation/jobs/${String(job['id'])}/run`);
    ids.unshift(body['id']);
  }
  return ids;
}

/** Writes what a worker would, behind the api's back. */
async function setRow(id: unknown, assignments: string, values: unknown[] = []): Promise<void> {
  await api.store.pool.query(`UPDATE automation_executions SET ${assignments} WHERE id = $1`, [
    id,
    ...values,
  ]);
}

describe('GET /automation/jobs/{id}/executions', () => {
  test('is a bare array, newest first (SPEC 3)', async () => {
    const job = await createJob(tenant);
    expect(await tenant.get(pathOf(job))).toMatchObject({ status: 200, items: [] });
    const ids = await run(job, 3);
    const answer = await tenant.get(pathOf(job));
    expect({ ids: idsOf(answer), link: answer.headers['link'] }).toEqual({ ids, link: undefined });
  });

  test('is paged like the jobs: Link rel=next leads through all of them once', async () => {
    const job = await createJob(tenant);
    const ids = await run(job, 5);
    const found = [];
    let path: string | undefined = `${pathOf(job)}?limit=2&status=pending`;
    while (path !== undefined) {
      const page: Answer = await tenant.get(path);
      found.push(idsOf(page));
      path = nextPageOf(page);
    }
    expect(found).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
  });

  test('order=asc goes on from an execution to those after it, oldest first', async () => {
    const job = await createJob(tenant);
    const [newest, third, second, oldest] = await run(job, 4);
    expect(idsOf(await tenant.get(`${pathOf(job)}?order=asc&limit=2`))).toEqual([oldest, second]);
    const next = await tenant.get(`${pathOf(job)}?order=asc&limit=1&cursor=${String(second)}`);
    expect(idsOf(next)).toEqual([third]);
    expect(idsOf(await tenant.get(nextPageOf(next) ?? ''))).toEqual([newest]);
  });

  test('executions of the same millisecond are all there', async () => {
    const job = await createJob(tenant);
    const path = `/automation/jobs/${String(job['id'])}/run`;
    await Promise.all(Array.from({ length: 8 }, () => tenant.post(path)));
    const first = await tenant.get(`${pathOf(job)}?limit=4`);
    const second = await tenant.get(nextPageOf(first) ?? '');
    expect(new Set([...idsOf(first), ...idsOf(second)]).size).toBe(8);
    expect(nextPageOf(second)).toBeUndefined();
  });

  test('a page of large executions ends early, and says that others follow', async () => {
    const job = await createJob(tenant);
    const ids = await run(job, 5);
    const large = JSON.stringify({
      id: 'check',
      input: {},
      output: { text: 'x'.repeat(3_000_000) },
      logs: [],
      error: '',
      status: 'succeeded',
      startedAt: '2026-01-01T00:00:00Z',
      completedAt: '2026-01-01T00:00:01Z',
      attempts: 1,
      httpStatus: 200,
    });
    for (const id of ids) await setRow(id, 'check_result = $2', [large]);
    const found = [];
    let path: string | undefined = pathOf(job);
    while (path !== undefined) {
      const page: Answer = await tenant.get(path);
      found.push(idsOf(page));
      path = nextPageOf(page);
    }
    expect(found).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
  });

  test('filters by status', async () => {
    const job = await createJob(tenant);
    const [newest, oldest] = await run(job, 2);
    await setRow(oldest, "status = 'declined'");
    expect(idsOf(await tenant.get(`${pathOf(job)}?status=declined`))).toEqual([oldest]);
    expect(idsOf(await tenant.get(`${pathOf(job)}?status=pending`))).toEqual([newest]);
    expect(idsOf(await tenant.get(`${pathOf(job)}?status=failed`))).toEqual([]);
  });

  test.each([
    [
      'status=done',
      'status must be one of [pending, checking, performing, succeeded, declined, skipped, failed, timed_out, cancelled], got "done"',
    ],
    ['cursor=1', 'cursor must be a valid GUID, got "1"'],
    ['limit=1001', 'limit must be less than or equal to 1000, got 1001'],
    ['q=x', 'unknown parameter: q'],
  ])('?%s is refused', async (query, message) => {
    const answer = await tenant.get(`${pathOf(await createJob(tenant))}?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { message } });
  });

  test("another job's execution as a cursor shows none of that job", async () => {
    const [foreign] = await run(await createJob(tenant), 1);
    const job = await createJob(tenant);
    const ids = await run(job, 2);
    const { status, items } = await tenant.get(`${pathOf(job)}?cursor=${String(foreign)}`);
    expect(status).toBe(200);
    expect(items.every(({ id }) => ids.includes(id))).toBe(true);
  });
});

describe('GET /automation/executions/{id}', () => {
  test("shows both phases as the seed's FunctionExecution, with attempts and http_status (SPEC 3)", async () => {
    const job = await createJob(tenant);
    const [id] = await run(job, 1);
    const check = {
      id: `${String(id)}:check`,
      input: { automation_job: 'x', phase: 'check' },
      output: { shouldPerform: true },
      logs: ['looked'],
      error: '',
      status: 'succeeded',
      startedAt: new Date('2026-01-01T00:00:00Z'),
      completedAt: new Date('2026-01-01T00:00:00.250Z'),
      attempts: 1,
      httpStatus: 200,
    };
    const perform = {
      ...check,
      id: `${String(id)}:perform`,
      output: {},
      logs: [],
      error: 'no answer',
      status: 'timed_out',
      attempts: 3,
      httpStatus: null,
    };
    await setRow(
      id,
      `status = 'timed_out', reason = 'no answer', check_result = $2, perform_result = $3,
       started_at = '2026-01-01T00:00:00Z', completed_at = '2026-01-01T00:00:01.5Z', task_id = NULL`,
      [JSON.stringify(check), JSON.stringify(perform)],
    );
    const { status, body } = await tenant.get(`/automation/executions/${String(id)}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      status: 'timed_out',
      reason: 'no answer',
      started_at: '2026-01-01T00:00:00Z',
      completed_at: '2026-01-01T00:00:01.500Z',
      duration_ms: 1_500,
    });
    expect(Object.entries(recordOf(body['check']))).toEqual([
      ['id', `${String(id)}:check`],
      ['account_id', tenant.accountId],
      ['function_id', job['function_id']],
      ['input', check.input],
      ['output', check.output],
      ['logs', ['looked']],
      ['error', ''],
      ['status', 'succeeded'],
      ['started_at', '2026-01-01T00:00:00Z'],
      ['completed_at', '2026-01-01T00:00:00.250Z'],
      ['duration', 250],
      ['attempts', 1],
      ['http_status', 200],
      ['attempt_log', []],
    ]);
    expect(body['perform']).toMatchObject({
      id: `${String(id)}:perform`,
      error: 'no answer',
      status: 'timed_out',
      attempts: 3,
      http_status: null,
    });
  });

  test('shows the attempts of a phase, with their times and when the next one was planned for', async () => {
    const { id, path } = await startExecution(tenant);
    const error = 'no connection to host.example:443 in time';
    await record(
      api,
      await take(api, id),
      { kind: 'unavailable', httpStatus: null, error, retryAfterMs: 90_000 },
      {
        startedAt: new Date('2026-01-01T00:00:00Z'),
        completedAt: new Date('2026-01-01T00:00:10Z'),
        times: { connectMs: 10_000, waitMs: null, bodyMs: null },
      },
    );
    await record(
      api,
      await take(api, id),
      { kind: 'succeeded', httpStatus: 200, output: { shouldPerform: false }, logs: [] },
      {
        startedAt: new Date('2026-01-01T00:01:40.5Z'),
        completedAt: new Date('2026-01-01T00:01:40.75Z'),
        times: { connectMs: 0, waitMs: 230, bodyMs: 20 },
      },
    );
    const { body } = await tenant.get(path);
    expect(recordOf(body['check'])['attempt_log']).toEqual([
      {
        attempt: 1,
        started_at: '2026-01-01T00:00:00Z',
        completed_at: '2026-01-01T00:00:10Z',
        status: 'retrying',
        http_status: null,
        error,
        connect_ms: 10_000,
        wait_ms: null,
        body_ms: null,
        retry_at: '2026-01-01T00:01:40Z',
      },
      {
        attempt: 2,
        started_at: '2026-01-01T00:01:40.500Z',
        completed_at: '2026-01-01T00:01:40.750Z',
        status: 'succeeded',
        http_status: 200,
        error: '',
        connect_ms: 0,
        wait_ms: 230,
        body_ms: 20,
        retry_at: null,
      },
    ]);
  });

  test('is the same as in the list', async () => {
    const job = await createJob(tenant);
    const [id] = await run(job, 1);
    const { body } = await tenant.get(`/automation/executions/${String(id)}`);
    expect((await tenant.get(pathOf(job))).items).toEqual([body]);
  });

  test('an unknown id is 404 and named', async () => {
    const id = '01a20d39-27c1-753f-87f4-75c6d5717b06';
    expect(await tenant.get(`/automation/executions/${id}`)).toMatchObject({
      status: 404,
      body: { message: `execution ${id} not found` },
    });
  });
});
