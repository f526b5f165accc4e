import { createJob, recordsOf, startTestApi, type Tenant, type TestApi } from '../api.fixture.ts';

let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi();
  tenant = await api.newTenant();
});

afterAll(() => api.stop());

const preview = (body: object) => tenant.post('/automation/schedules/preview', body);

const upcoming = async (job: Record<string, unknown>, query = '') =>
  tenant.get(`/automation/jobs/${String(job['id'])}/upcoming${query}`);

/** When the runs of an answer are, in UTC. */
function timesOf({ body }: { body: Record<string, unknown> }): unknown[] {
  return recordsOf(body['next_runs']).map(({ at }) => at);
}

describe('POST /automation/schedules/preview', () => {
  test('reads a schedule aloud and answers its next runs, in UTC and by local clocks (SPEC 5)', async () => {
    const answer = await preview({
      schedule: ' 30  15 * * 5 ',
      timezone: 'asia/kolkata',
      from: '2026-01-01T00:00:00Z',
      count: 2,
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      schedule: '30 15 * * 5',
      timezone: 'asia/kolkata',
      description: 'At 15:30, only on Friday',
      next_runs: [
        { at: '2026-01-02T10:00:00Z', local: '2026-01-02T15:30:00+05:30' },
        { at: '2026-01-09T10:00:00Z', local: '2026-01-09T15:30:00+05:30' },
      ],
    });
  });

  test('runs are later than from, and @every counts from it (SPEC 2)', async () => {
    const from = '2026-01-01T00:00:00Z';
    expect(timesOf(await preview({ schedule: '@hourly', from, count: 1 }))).toEqual(['2026-01-01T01:00:00Z']);
    expect(timesOf(await preview({ schedule: '@every 1h30m', from, count: 3 }))).toEqual([
      '2026-01-01T01:30:00Z',
      '2026-01-01T03:00:00Z',
      '2026-01-01T04:30:00Z',
    ]);
  });

  test('from is now and the zone UTC unless given', async () => {
    const before = Date.now();
    const answer = await preview({ schedule: '@every 1s' });
    expect(answer.body['timezone']).toBe('UTC');
    const [first] = timesOf(answer);
    expect(Date.parse(String(first))).toBeGreaterThanOrEqual(before + 1_000);
    expect(Date.parse(String(first))).toBeLessThanOrEqual(Date.now() + 1_000);
  });

  test('ten runs unless count says otherwise, at most a hundred (SPEC 5)', async () => {
    expect(timesOf(await preview({ schedule: '* * * * *' }))).toHaveLength(10);
    expect(timesOf(await preview({ schedule: '* * * * *', count: 1 }))).toHaveLength(1);
    expect(timesOf(await preview({ schedule: '* * * * *', count: 100 }))).toHaveLength(100);
  });

  test('a one-off has one run', async () => {
    const { body } = await preview({ schedule: '@at 2099-01-01T00:00:00Z', from: '2098-01-01T00:00:00Z' });
    expect(body).toMatchObject({
      description: 'Once, at 2099-01-01 00:00:00 UTC',
      next_runs: [{ at: '2099-01-01T00:00:00Z', local: '2099-01-01T00:00:00+00:00' }],
    });
  });

  test('runs beyond the year 9999, which RFC 3339 can not write, are left out', async () => {
    const { body } = await preview({ schedule: '@every 8760h', from: '9998-12-31T00:00:00Z', count: 3 });
    expect(timesOf({ body })).toEqual(['9999-12-31T00:00:00Z']);
  });

  test.each<[object, string, string]>([
    [{}, 'schedule', 'required: schedule'],
    [{ schedule: '* *' }, 'schedule', 'schedule "* *" must contain 5 fields'],
    [{ schedule: '@every x' }, 'schedule', 'parse duration "x": invalid'],
    [{ schedule: '0 0 30 2 *' }, 'schedule', 'unable to find next run for schedule "0 0 30 2 *"'],
    [{ schedule: '@daily', timezone: 'X/Y' }, 'timezone', 'timezone "X/Y" is not an IANA time zone'],
    [{ schedule: '@daily', from: 'now' }, 'from', 'from must be an RFC 3339 date and time, got "now"'],
    [{ schedule: '@daily', count: 0 }, 'count', 'count must be greater than or equal to 1, got 0'],
    [{ schedule: '@daily', count: 101 }, 'count', 'count must be less than or equal to 100, got 101'],
    [{ schedule: '@daily', count: '5' }, 'count', 'count must be a number, got "5"'],
    [{ schedule: '@daily', to: 'x' }, 'to', 'unknown field: to'],
  ])('%j is refused', async (body, field, message) => {
    const answer = await preview(body);
    expect(answer).toMatchObject({ status: 400, body: { message, details: [{ field, message }] } });
  });
});

describe('GET /automation/jobs/{id}/upcoming', () => {
  test('answers the same of the job, beginning with its next_run (SPEC 5)', async () => {
    const job = await createJob(tenant, { schedule: '0 9 * * MON', timezone: 'Europe/Berlin' });
    const answer = await upcoming(job, '?count=3');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      schedule: '0 9 * * MON',
      timezone: 'Europe/Berlin',
      description: 'At 09:00, only on Monday',
      next_runs: expect.any(Array),
    });
    const times = timesOf(answer);
    expect(times).toHaveLength(3);
    expect(times[0]).toBe(job['next_run']);
    const from = job['created_at'];
    const alike = await preview({ schedule: '0 9 * * MON', timezone: 'Europe/Berlin', from, count: 3 });
    expect(answer.body).toEqual(alike.body);
  });

  test('ten runs by default, bounds as in the preview', async () => {
    const job = await createJob(tenant);
    expect(timesOf(await upcoming(job))).toHaveLength(10);
    expect(timesOf(await upcoming(job, '?count='))).toHaveLength(10);
    expect(timesOf(await upcoming(job, '?count=100'))).toHaveLength(100);
    for (const count of ['0', '101', '1.5', 'x']) {
      const { status, body } = await upcoming(job, `?count=${count}`);
      expect({ status, message: body['message'] }).toEqual({
        status: 400,
        message: expect.stringMatching(/^count must be .+, got /),
      });
    }
  });

  test('a paused job answers no run', async () => {
    const job = await createJob(tenant, { enabled: false });
    expect((await upcoming(job)).body).toMatchObject({ description: 'Every hour', next_runs: [] });
  });

  test('a schedule that can no longer be read is said to be that, with its reason', async () => {
    const job = await createJob(tenant, { enabled: false });
    await api.store.pool.query(`UPDATE automation_jobs SET timezone = 'Mars/Base' WHERE id = $1`, [
      job['id'],
    ]);
    const message = 'timezone "Mars/Base" is not an IANA time zone';
    expect(await upcoming(job)).toMatchObject({
      status: 400,
      body: { message, details: [{ field: 'timezone', message }] },
    });
  });

  test('start_at and end_at bound the runs, both included', async () => {
    const job = await createJob(tenant, {
      start_at: '2099-01-01T10:00:00Z',
      end_at: '2099-01-01T12:00:00Z',
    });
    expect(timesOf(await upcoming(job))).toEqual([
      '2099-01-01T10:00:00Z',
      '2099-01-01T11:00:00Z',
      '2099-01-01T12:00:00Z',
    ]);
  });

  test('@every counts from start_at', async () => {
    const job = await createJob(tenant, { schedule: '@every 40m', start_at: '2099-01-01T10:00:00Z' });
    expect(timesOf(await upcoming(job, '?count=3'))).toEqual([
      '2099-01-01T10:00:00Z',
      '2099-01-01T10:40:00Z',
      '2099-01-01T11:20:00Z',
    ]);
  });

  test('jitter delays each run by an amount of its own, less than jitter_seconds, the same each time (SPEC 3)', async () => {
    const job = await createJob(tenant, { start_at: '2099-01-01T00:00:00Z', jitter_seconds: 1_800 });
    const times = timesOf(await upcoming(job, '?count=20'));
    expect(times[0]).toBe(job['next_run']);
    const delays = times.map((at, n) => Date.parse(String(at)) - Date.UTC(2099, 0, 1, n));
    expect(delays.every((delay) => delay >= 0 && delay < 1_800_000)).toBe(true);
    expect(new Set(delays).size).toBe(20);
    expect(timesOf(await upcoming(job, '?count=20'))).toEqual(times);
  });

  test('jobs of the same schedule have different jitter', async () => {
    const definition = { start_at: '2099-01-01T00:00:00Z', jitter_seconds: 1_800 };
    const [one, other] = [await createJob(tenant, definition), await createJob(tenant, definition)];
    expect(one['next_run']).not.toBe(other['next_run']);
  });
});
