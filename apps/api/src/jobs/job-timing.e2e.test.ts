import { unique } from '@automation/testing';

import { createJob, startTestApi, type Tenant, type TestApi } from '../api.fixture.ts';
import { refusalOf } from '../http/refusal.fixture.ts';

/** What time it is, so that clock changes are where the tests know them. */
const NOW = '2026-03-06T12:00:00Z';

let api: TestApi;
let tenant: Tenant;
let functionId: string;

beforeAll(async () => {
  api = await startTestApi({}, { clock: { now: () => new Date(NOW) } });
  tenant = await api.newTenant();
  const fn = await tenant.post('/functions', { name: 'fn', url: 'http://127.0.0.1:9/' });
  functionId = String(fn.body['id']);
});

afterAll(() => api.stop());

const pathOf = (job: Record<string, unknown>) => `/automation/jobs/${String(job['id'])}`;

/** Creates a job that is valid but for these fields. */
function create(fields: object) {
  const valid = { function_id: functionId, name: unique('job'), schedule: '@hourly' };
  return tenant.post('/automation/jobs', { ...valid, ...fields });
}

const change = (job: Record<string, unknown>, fields: object) => tenant.patch(pathOf(job), fields);

describe('schedules (SPEC 2, word for word)', () => {
  test.each([
    ['* * *', 'schedule "* * *" must contain 5 fields'],
    ['0 0 * * * *', 'schedule "0 0 * * * *" must contain 5 fields'],
    ['@reboot', 'schedule "@reboot" must contain 5 fields'],
    ['@every soon', 'parse duration "soon": invalid'],
    ['@every 999ms', 'parse duration "999ms": invalid'],
    ['@every 43801h', 'parse duration "43801h": invalid'],
    ['@every -1h', 'parse duration "-1h": invalid'],
    ['@every', 'parse duration "": invalid'],
    ['0 0 30 2 *', 'unable to find next run for schedule "0 0 30 2 *"'],
    ['@at 2020-01-01T00:00:00Z', 'unable to find next run for schedule "@at 2020-01-01T00:00:00Z"'],
    ['61 * * * *', 'schedule "61 * * * *": minute "61" is out of range 0-59'],
    ['0 0 * FOO *', 'schedule "0 0 * FOO *": month "FOO" is malformed'],
    [
      '@at 2026-02-30T00:00:00Z',
      'schedule "@at 2026-02-30T00:00:00Z": instant "2026-02-30T00:00:00Z" is not an RFC 3339 date and time',
    ],
    ['x'.repeat(1_001), 'schedule must not be longer than 1000 characters'],
    ['\0 * * * *', 'schedule "\0 * * * *": minute "\0" is malformed'],
  ])('%s', async (schedule, message) => {
    expect(await create({ schedule })).toMatchObject(refusalOf('schedule', message));
  });

  test('a change is held to the same, even while the job is paused', async () => {
    const job = await createJob(tenant, { enabled: false });
    expect(await change(job, { schedule: '* *' })).toMatchObject(
      refusalOf('schedule', 'schedule "* *" must contain 5 fields'),
    );
    expect(await change(job, { schedule: '0 0 31 4 *' })).toMatchObject(
      refusalOf('schedule', 'unable to find next run for schedule "0 0 31 4 *"'),
    );
    expect((await tenant.get(pathOf(job))).body).toEqual(job);
  });

  test.each(['@EVERY 1H30M', '@every 1s', '@every 43800h', '0 0 29 2 *', '0 9 * JAN MON#2', '0 0 LW * ?'])(
    '%s is one',
    async (schedule) => {
      expect(await create({ schedule })).toMatchObject({ status: 201, body: { schedule } });
    },
  );
});

describe('@at, a one-off (SPEC 2)', () => {
  test.each([
    ['@at 2026-04-01T10:00:00Z', '2026-04-01T10:00:00Z'],
    ['@AT  2026-04-01t12:00:00.250+02:00', '2026-04-01T10:00:00.250Z'],
  ])('%s runs at that instant, whatever the time zone', async (schedule, nextRun) => {
    const { body } = await create({ schedule, timezone: 'America/New_York' });
    expect(body).toMatchObject({ status: 'active', next_run: nextRun });
    const moved = await change(await createJob(tenant), { schedule });
    expect(moved.body).toMatchObject({ status: 'active', next_run: nextRun });
  });

  test.each([
    ['@at 2026-03-06T12:00:00Z', 'unable to find next run for schedule "@at 2026-03-06T12:00:00Z"'],
    ['@at 2031-03-07T12:00:00Z', 'unable to find next run for schedule "@at 2031-03-07T12:00:00Z"'],
    [
      '@at 2026-04-01T10:00:00',
      'schedule "@at 2026-04-01T10:00:00": instant "2026-04-01T10:00:00" is not an RFC 3339 date and time',
    ],
    ['@at', 'schedule "@at": instant "" is not an RFC 3339 date and time'],
  ])(
    '%s is past, beyond five years or no instant: refused on create and change',
    async (schedule, message) => {
      expect(await create({ schedule })).toMatchObject(refusalOf('schedule', message));
      const job = await createJob(tenant);
      expect(await change(job, { schedule })).toMatchObject(refusalOf('schedule', message));
      expect((await tenant.get(pathOf(job))).body).toEqual(job);
    },
  );

  test('it may be the end_at, and not later than it', async () => {
    const schedule = '@at 2026-04-01T10:00:00Z';
    const { status, body } = await create({ schedule, end_at: '2026-04-01T10:00:00Z' });
    expect({ status, body }).toMatchObject({ status: 201, body: { next_run: '2026-04-01T10:00:00Z' } });
    const message = `end_at is before the first run of schedule "${schedule}", got 2026-04-01T09:59:59Z`;
    expect(await create({ schedule, end_at: '2026-04-01T09:59:59Z' })).toMatchObject(
      refusalOf('end_at', message),
    );
  });

  test('it may be the start_at, and not earlier than it', async () => {
    const schedule = '@at 2026-04-01T10:00:00Z';
    const { body } = await create({ schedule, start_at: '2026-04-01T10:00:00Z' });
    expect(body).toMatchObject({ next_run: '2026-04-01T10:00:00Z' });
    expect(await create({ schedule, start_at: '2026-04-01T10:00:01Z' })).toMatchObject(
      refusalOf('schedule', `unable to find next run for schedule "${schedule}"`),
    );
  });
});

describe('timezone (SPEC 2)', () => {
  test.each(['Mars/Base', '+02:00', 'EDT', ' UTC'])('%s is none, on create and change', async (timezone) => {
    const refusal = refusalOf('timezone', `timezone "${timezone}" is not an IANA time zone`);
    expect(await create({ timezone })).toMatchObject(refusal);
    expect(await change(await createJob(tenant), { timezone })).toMatchObject(refusal);
  });

  test('a change moves next_run to the same time by other clocks', async () => {
    const job = await createJob(tenant, { schedule: '0 9 * * *' });
    expect(job['next_run']).toBe('2026-03-07T09:00:00Z');
    const { body } = await change(job, { timezone: 'America/New_York' });
    expect(body['next_run']).toBe('2026-03-06T14:00:00Z');
  });

  test('a run in the hour that clocks skip comes right after it', async () => {
    const { body } = await create({
      schedule: '30 2 8 3 *',
      timezone: 'America/New_York',
      start_at: '2026-03-07T12:00:00Z',
    });
    expect(body['next_run']).toBe('2026-03-08T07:00:00Z');
  });
});

describe('start_at and end_at', () => {
  test('end_at must be later than start_at', async () => {
    const at = '2030-01-01T00:00:00Z';
    const message = 'end_at must be later than start_at, got 2030-01-01T00:00:00Z';
    expect(await create({ start_at: at, end_at: at })).toMatchObject(refusalOf('end_at', message));
  });

  test('an end_at before the first run is refused', async () => {
    const answer = await create({ end_at: '2020-01-01T00:00:00Z' });
    const message = 'end_at is before the first run of schedule "@hourly", got 2020-01-01T00:00:00Z';
    expect(answer).toMatchObject(refusalOf('end_at', message));
  });

  test('the first run is not before start_at, and at it if the schedule says so', async () => {
    const job = await createJob(tenant, { start_at: '2030-06-01T10:00:00Z' });
    expect(job).toMatchObject({ next_run: '2030-06-01T10:00:00Z' });
    const other = await createJob(tenant, { start_at: '2030-06-01T10:00:01Z', schedule: '@every 7h' });
    expect(other).toMatchObject({ next_run: '2030-06-01T10:00:01Z' });
  });

  test('end_at moved to before the next run completes the job (SPEC 1)', async () => {
    const job = await createJob(tenant, { schedule: '0 0 1 1 *' });
    const endAt = '2026-12-31T23:59:59.999Z';
    const { body } = await change(job, { end_at: endAt });
    expect(body).toMatchObject({ status: 'completed', enabled: false, next_run: null });
    expect(await change(job, { enabled: true })).toMatchObject({
      status: 409,
      body: {
        code: 'CONFLICT',
        message: `job is completed: schedule "0 0 1 1 *" has no further run before end_at ${endAt}`,
      },
    });
    const lifted = await change(job, { enabled: true, end_at: null });
    expect(lifted.body).toMatchObject({ status: 'active', next_run: job['next_run'] });
  });

  test('both are held against what the job has already when one is changed', async () => {
    const job = await createJob(tenant, { start_at: '2030-01-01T00:00:00Z', end_at: '2030-02-01T00:00:00Z' });
    expect(await change(job, { start_at: '2030-02-01T00:00:00Z' })).toMatchObject(
      refusalOf('end_at', 'end_at must be later than start_at, got 2030-02-01T00:00:00Z'),
    );
    expect(await change(job, { end_at: '2029-12-31T00:00:00Z' })).toMatchObject(
      refusalOf('end_at', 'end_at must be later than start_at, got 2029-12-31T00:00:00Z'),
    );
    expect((await tenant.get(pathOf(job))).body).toEqual(job);
    const moved = await change(job, { start_at: '2031-01-01T00:00:00Z', end_at: '2031-02-01T00:00:00Z' });
    expect(moved.body).toMatchObject({ status: 'active', next_run: '2031-01-01T00:00:00Z' });
  });

  test('null lifts them', async () => {
    const job = await createJob(tenant, { start_at: '2030-01-01T00:00:00Z', end_at: '2030-02-01T00:00:00Z' });
    const { body } = await change(job, { start_at: null, end_at: null });
    expect(body).toMatchObject({ start_at: null, end_at: null, next_run: '2026-03-06T13:00:00Z' });
  });
});

describe('max_runs (SPEC 1)', () => {
  test('0 lifts the limit that completed a job, which is then paused until it is enabled', async () => {
    const job = await createJob(tenant, { max_runs: 2 });
    await api.store.pool.query('UPDATE automation_jobs SET run_count = 2 WHERE id = $1', [job['id']]);
    expect((await change(job, { max_runs: 1 })).body).toMatchObject({ status: 'completed', enabled: false });
    const lifted = await change(job, { max_runs: 0 });
    expect(lifted.body).toMatchObject({ status: 'paused', enabled: false, next_run: null });
    expect((await change(job, { enabled: true })).body).toMatchObject({
      status: 'active',
      next_run: '2026-03-06T13:00:00Z',
    });
  });
});

describe('jitter_seconds (SPEC 3)', () => {
  test('a change delays the same occurrence, and 0 takes the delay back', async () => {
    const job = await createJob(tenant);
    const { body } = await change(job, { jitter_seconds: 600 });
    const delay = Date.parse(String(body['next_run'])) - Date.parse('2026-03-06T13:00:00Z');
    expect(delay).toBeGreaterThanOrEqual(0);
    expect(delay).toBeLessThan(600_000);
    expect((await change(job, { jitter_seconds: 0 })).body['next_run']).toBe('2026-03-06T13:00:00Z');
  });
});
