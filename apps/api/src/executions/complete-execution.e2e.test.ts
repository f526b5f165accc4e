import { randomUUID } from 'node:crypto';

import { recordOutcomes } from '@automation/store';
import { scrape, waitUntil } from '@automation/testing';
import request, { type Response } from 'supertest';

import { recordOf, startTestApi, type Tenant, type TestApi } from '../api.fixture.ts';
import { accept, acceptedOutcome, record, startExecution, take } from './under-way.fixture.ts';

let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi();
  tenant = await api.newTenant();
});

afterAll(() => api.stop());

const UNKNOWN = '01a20d39-27c1-753f-87f4-75c6d5717b06';

/** As a function does: without an API key. The answer is checked against the OpenAPI document. */
async function complete(id: string, token: string | null, body: object = {}): Promise<Response> {
  const sent = request(api.url).post(`/automation/executions/${id}/complete`);
  const response = await (token === null ? sent : sent.set('X-Automation-Completion-Token', token)).send(
    body,
  );
  api.document.check(response);
  return response;
}

/** An execution whose check its function has accepted. */
async function setupAccepted(fields: object = {}) {
  const execution = await startExecution(tenant, fields);
  const leased = await take(api, execution.id);
  await accept(api, leased);
  return { ...execution, token: leased.completionToken };
}

const get = async (path: string) => (await tenant.get(path)).body;

const untilLockAwaited = () =>
  waitUntil(
    async () => {
      const { rows } = await api.store.pool.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows.length === 1;
    },
    { what: 'a session that waits for a lock' },
  );

describe('POST /automation/executions/{id}/complete', () => {
  test('with the token that the attempt was given needs no API key, and answers the execution', async () => {
    const { id, path, token } = await setupAccepted();
    const { status, body } = await complete(id, token, {
      output: { shouldPerform: false, why: 'rain' },
      logs: ['looked', ''],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      status: 'declined',
      check: {
        status: 'succeeded',
        output: { shouldPerform: false, why: 'rain' },
        logs: ['looked', ''],
        error: '',
        http_status: 202,
        attempts: 1,
      },
    });
    expect(await get(path)).toEqual(body);
  });

  test("is the end of the attempt in the log, whose times stay those of the function's 202", async () => {
    const { id, path } = await startExecution(tenant);
    const leased = await take(api, id);
    const times = { connectMs: 3, waitMs: 40, bodyMs: 1 };
    await record(api, leased, { kind: 'accepted', httpStatus: 202, withinMs: null }, { times });
    const attempt = { attempt: 1, connect_ms: 3, wait_ms: 40, body_ms: 1, retry_at: null };
    expect(await get(path)).toMatchObject({
      check: { attempt_log: [{ ...attempt, status: 'accepted', http_status: 202 }] },
    });
    const { body } = await complete(id, leased.completionToken, { output: { shouldPerform: false } });
    const { completed_at } = recordOf(recordOf(body)['check']);
    expect(body).toMatchObject({
      check: { attempt_log: [{ ...attempt, status: 'succeeded', completed_at }] },
    });
  });

  test('of a check that says nothing means perform, as an answer would', async () => {
    const { id, path, token } = await setupAccepted({ payload: { a: 1 } });
    expect((await complete(id, token)).body).toMatchObject({ status: 'performing', completed_at: null });
    const perform = await take(api, id);
    expect(perform).toMatchObject({ phase: 'perform', performInput: { a: 1, phase: 'perform' } });
    await accept(api, perform);
    expect((await complete(id, perform.completionToken, { output: { sent: 3 } })).body).toMatchObject({
      status: 'succeeded',
      perform: { status: 'succeeded', output: { sent: 3 } },
    });
    expect(await get(path)).toMatchObject({ check: { status: 'succeeded' } });
  });

  test.each([
    [{ error: 'no such city' }, 'no such city'],
    [{ status: 'failed' }, 'the function reported status failed'],
    [{ status: 'Error', output: { a: 1 } }, 'the function reported status Error'],
  ])('with %j says that it failed', async (body, error) => {
    const { id, token, jobId } = await setupAccepted();
    expect((await complete(id, token, body)).body).toMatchObject({
      status: 'failed',
      reason: `check: ${error}`,
      check: { status: 'failed', error },
    });
    expect(await get(`/automation/jobs/${jobId}`)).toMatchObject({ consecutive_failures: 1, check_count: 1 });
  });

  test('may come before the 202 is recorded', async () => {
    const { id } = await startExecution(tenant);
    const leased = await take(api, id);
    const { status, body } = await complete(id, leased.completionToken, { output: { shouldPerform: false } });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { status: 'declined', check: { attempts: 1 } },
    });
    await accept(api, leased);
    expect((await tenant.get(`/automation/executions/${id}`)).body).toEqual(body);
  });

  test('may come while the 202 is being recorded', async () => {
    const { id } = await startExecution(tenant);
    const leased = await take(api, id);
    const completed = await api.store.db.transaction().execute(async (trx) => {
      await recordOutcomes(trx, [acceptedOutcome(leased)]);
      const completing = complete(id, leased.completionToken, { output: { shouldPerform: false } });
      await untilLockAwaited();
      return { completing };
    });
    expect(await completed.completing).toMatchObject({
      status: 200,
      body: { status: 'declined', check: { status: 'succeeded', attempts: 1 } },
    });
  });

  test('of a check is in check_count at once, and stays there whatever becomes of the perform (SPEC 1)', async () => {
    const { path, token, id, jobId } = await setupAccepted();
    const checks = async () => (await get(`/automation/jobs/${jobId}`))['check_count'];
    expect(await checks()).toBe(0);
    await complete(id, token);
    expect(await checks()).toBe(1);
    const { items } = await tenant.get('/automation/jobs?limit=1');
    expect(items).toMatchObject([{ id: jobId, check_count: 1 }]);
    await tenant.post(`${path}/cancel`);
    expect(await checks()).toBe(1);

    const { body } = await tenant.post(`/automation/jobs/${jobId}/run`);
    const check = await take(api, String(body['id']));
    await complete(check.id, check.completionToken);
    const perform = await take(api, check.id);
    expect(await checks()).toBe(2);
    await complete(perform.id, perform.completionToken);
    expect(await checks()).toBe(2);
  });

  test('counts as a run of the perform phase, and completes the job with the last one of max_runs', async () => {
    const { id, token, jobId } = await setupAccepted({ max_runs: 1 });
    await complete(id, token);
    const perform = await take(api, id);
    await complete(id, perform.completionToken);
    expect(await get(`/automation/jobs/${jobId}`)).toMatchObject({ status: 'completed', run_count: 1 });
    const metrics = await (await fetch(`${api.metricsUrl}/metrics`)).text();
    const labels = `job_id="${jobId}",account_id="${tenant.accountId}",service="api"`;
    expect(metrics).toContain(`automation_job_runs_total{${labels}} 1`);
  });

  test('is measured as an answer would be: the attempt by its phase, the execution by how it ends', async () => {
    const port = Number(new URL(api.metricsUrl).port);
    const ended = async (outcome: string, reason: string) =>
      (await scrape(port)).value('automation_executions_finished_total', { outcome, reason }) ?? NaN;
    const [succeeded, rejected] = [await ended('succeeded', 'none'), await ended('failed', 'rejected')];
    const { id, token, jobId } = await setupAccepted();
    await complete(id, token);
    expect(await ended('succeeded', 'none')).toBe(succeeded);
    const perform = await take(api, id);
    await complete(id, perform.completionToken);
    expect(await ended('succeeded', 'none')).toBe(succeeded + 1);
    const failing = await setupAccepted();
    await complete(failing.id, failing.token, { error: 'no such city' });
    expect(await ended('failed', 'rejected')).toBe(rejected + 1);

    const { value } = await scrape(port);
    for (const phase of ['check', 'perform']) {
      expect(value('automation_execution_duration_count', { job_id: jobId, phase })).toBe(1);
      expect(value('automation_execution_success_sum', { job_id: jobId, phase })).toBe(1);
    }
    const failed = { job_id: failing.jobId, phase: 'check' };
    expect(value('automation_execution_success_count', failed)).toBe(1);
    expect(value('automation_execution_success_sum', failed)).toBe(0);
    expect(value('automation_execution_duration_count', { ...failed, phase: 'perform' })).toBeUndefined();
  });

  test('is idempotent in its effect: of several at once one is recorded, the others are 409', async () => {
    const { id, token, jobId } = await setupAccepted();
    const body = { output: { shouldPerform: false } };
    const answers = await Promise.all(Array.from({ length: 5 }, () => complete(id, token, body)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409, 409]);
    expect(await get(`/automation/jobs/${jobId}`)).toMatchObject({ check_count: 1 });
  });

  test('a second time is 409, and changes nothing', async () => {
    const { id, path, token } = await setupAccepted();
    const { body } = await complete(id, token, { output: { shouldPerform: false } });
    const again = await complete(id, token, { error: 'after all' });
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({
      code: 'CONFLICT',
      message: `execution ${id} has finished already: declined`,
    });
    expect(await get(path)).toEqual(body);
  });

  test('after the deadline, when the execution has timed out, is 409', async () => {
    const { id, path, token } = await setupAccepted();
    await api.store.pool.query(
      `UPDATE automation_executions SET status = 'timed_out', completed_at = now(), task_id = NULL WHERE id = $1`,
      [id],
    );
    expect((await complete(id, token)).status).toBe(409);
    expect(await get(path)).toMatchObject({ status: 'timed_out' });
  });

  test('at the deadline, when a worker has taken it up already, is as good as before', async () => {
    const { id, token } = await setupAccepted();
    await take(api, id);
    expect((await complete(id, token, { output: { shouldPerform: false } })).body).toMatchObject({
      status: 'declined',
    });
  });

  test('after it was cancelled is 409', async () => {
    const { id, path, token } = await setupAccepted();
    await tenant.post(`${path}/cancel`);
    expect((await complete(id, token)).body).toMatchObject({
      code: 'CONFLICT',
      message: `execution ${id} has finished already: cancelled`,
    });
  });

  test('is allowed while the job is paused: what is in flight finishes', async () => {
    const { id, token, jobId } = await setupAccepted();
    await tenant.patch(`/automation/jobs/${jobId}`, { enabled: false });
    expect((await complete(id, token)).body).toMatchObject({ status: 'performing' });
  });
});

describe('its token', () => {
  test('is needed: 401 without one, even with an API key', async () => {
    const { id, path } = await setupAccepted();
    expect((await complete(id, null)).status).toBe(401);
    expect(await tenant.post(`${path}/complete`, {})).toMatchObject({
      status: 401,
      body: { code: 'UNAUTHORIZED', message: 'missing X-Automation-Completion-Token' },
    });
    expect(await get(path)).toMatchObject({ status: 'checking' });
  });

  test.each(['', 'nonsense', randomUUID(), `${randomUUID()}'`])('"%s" is 403', async (token) => {
    const { id, path } = await setupAccepted();
    const response = await complete(id, token);
    expect(response.status).toBe(403);
    expect(response.body).toMatchObject({
      code: 'FORBIDDEN',
      message: 'forbidden: not the completion token of the attempt under way',
    });
    expect(await get(path)).toMatchObject({ status: 'checking' });
  });

  test('of another execution is 403', async () => {
    const [one, other] = [await setupAccepted(), await setupAccepted()];
    expect((await complete(one.id, other.token)).status).toBe(403);
    expect(await get(one.path)).toMatchObject({ status: 'checking' });
  });

  test('of the check is 403 for the perform', async () => {
    const { id, path, token } = await setupAccepted();
    await complete(id, token);
    expect((await complete(id, token)).status).toBe(403);
    await take(api, id);
    expect((await complete(id, token)).status).toBe(403);
    expect(await get(path)).toMatchObject({ status: 'performing', perform: null });
  });

  test('opens no other route', async () => {
    const { path, token } = await setupAccepted();
    const response = await request(api.url)
      .post(`${path}/cancel`)
      .set('X-Automation-Completion-Token', token)
      .send({});
    expect(response.status).toBe(401);
  });
});

describe('what it says is checked before anything is recorded', () => {
  test.each([
    [{ output: [1] }, 'output'],
    [{ output: 'text' }, 'output'],
    [{ logs: 'one' }, 'logs'],
    [{ logs: [1] }, 'logs'],
    [{ error: 7 }, 'error'],
    [{ status: 7 }, 'status'],
    [{ result: {} }, 'result'],
  ])('%j is 400', async (body, field) => {
    const { id, path, token } = await setupAccepted();
    const response = await complete(id, token, body);
    expect(response.status).toBe(400);
    expect(response.body).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: expect.stringContaining(field),
    });
    expect(await get(path)).toMatchObject({ status: 'checking' });
  });

  test('an output that is nested too deep to be stored is 400', async () => {
    const { id, token } = await setupAccepted();
    const response = await request(api.url)
      .post(`/automation/executions/${id}/complete`)
      .set({ 'X-Automation-Completion-Token': token, 'content-type': 'application/json' })
      .send(`{"output":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_001)}`);
    expect({ status: response.status, body: response.body }).toMatchObject({
      status: 400,
      body: { details: [{ field: 'output', message: 'output must not be nested deeper than 64 levels' }] },
    });
  });

  test('no body at all is an empty output', async () => {
    const { id, token } = await setupAccepted();
    const response = await request(api.url)
      .post(`/automation/executions/${id}/complete`)
      .set('X-Automation-Completion-Token', token);
    expect(response.body).toMatchObject({ status: 'performing', check: { output: {} } });
  });

  test('malformed JSON is 400', async () => {
    const { id, token } = await setupAccepted();
    const response = await request(api.url)
      .post(`/automation/executions/${id}/complete`)
      .set({ 'X-Automation-Completion-Token': token, 'content-type': 'application/json' })
      .send('{"output":');
    expect(response.status).toBe(400);
  });

  test('as much as an answer may have, and no more', async () => {
    const { id, token } = await setupAccepted();
    const tooMuch = await complete(id, token, { output: { text: 'x'.repeat(1024 * 1024) } });
    expect(tooMuch.status).toBe(413);
    const much = await complete(id, token, { output: { text: 'x'.repeat(1024 * 1024 - 100) } });
    expect(much.status).toBe(200);
  });

  test('characters that PostgreSQL cannot hold are replaced', async () => {
    const { id, token } = await setupAccepted();
    const { status, body } = await complete(id, token, {
      output: { shouldPerform: false, text: 'a\0b' },
      logs: ['c\0d'],
    });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { check: { output: { text: 'a\uFFFDb' }, logs: ['c\uFFFDd'] } },
    });
  });
});

test.each([UNKNOWN, 'nonsense'])('the unknown id %s is 404', async (id) => {
  const response = await complete(id, randomUUID());
  expect(response.status).toBe(404);
  expect(response.body).toMatchObject({ message: `execution ${id} not found` });
});
