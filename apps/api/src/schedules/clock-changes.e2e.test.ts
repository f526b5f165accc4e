import { createJob, startTestApi, type Tenant, type TestApi } from '../api.fixture.ts';

const NOW = '2026-03-07T12:00:00Z';

let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi({}, { clock: { now: () => new Date(NOW) } });
  tenant = await api.newTenant();
});

afterAll(() => api.stop());

/** The runs of a schedule by the clocks of New York. */
async function preview(schedule: string, from: string, count: number): Promise<unknown> {
  const timezone = 'America/New_York';
  const { body } = await tenant.post('/automation/schedules/preview', { schedule, timezone, from, count });
  return body['next_runs'];
}

/** On 8 March 2026 the clocks of New York go from 02:00 EST to 03:00 EDT. */
describe('clocks go forward (SPEC 2)', () => {
  const FORWARD = 'clocks go forward from 02:00 to 03:00 on this day';

  test('a fixed time that is skipped runs once, right after the gap, and the note says so', async () => {
    expect(await preview('30 2 * * *', '2026-03-07T12:00:00Z', 2)).toEqual([
      {
        at: '2026-03-08T07:00:00Z',
        local: '2026-03-08T03:00:00-04:00',
        note: `${FORWARD}: runs once, at 03:00, for the skipped 02:30`,
      },
      { at: '2026-03-09T06:30:00Z', local: '2026-03-09T02:30:00-04:00' },
    ]);
  });

  test('a schedule with a wildcard leaves out what is skipped, and the note says so', async () => {
    expect(await preview('*/30 * * * *', '2026-03-08T06:00:00Z', 3)).toEqual([
      { at: '2026-03-08T06:30:00Z', local: '2026-03-08T01:30:00-05:00' },
      {
        at: '2026-03-08T07:00:00Z',
        local: '2026-03-08T03:00:00-04:00',
        note: `${FORWARD}: no runs at 02:00 and 02:30`,
      },
      { at: '2026-03-08T07:30:00Z', local: '2026-03-08T03:30:00-04:00' },
    ]);
  });

  test('a time of that day which is not skipped has no note', async () => {
    expect(await preview('0 12 * * *', '2026-03-08T00:00:00Z', 1)).toEqual([
      { at: '2026-03-08T16:00:00Z', local: '2026-03-08T12:00:00-04:00' },
    ]);
  });

  test('upcoming answers the same of a job', async () => {
    const job = await createJob(tenant, { schedule: '30 2 * * *', timezone: 'America/New_York' });
    expect(job['next_run']).toBe('2026-03-08T07:00:00Z');
    const { body } = await tenant.get(`/automation/jobs/${String(job['id'])}/upcoming?count=2`);
    expect(body).toEqual({
      schedule: '30 2 * * *',
      timezone: 'America/New_York',
      description: 'At 02:30, every day',
      next_runs: await preview('30 2 * * *', NOW, 2),
    });
  });
});

/** On 1 November 2026 the clocks of New York go from 02:00 EDT to 01:00 EST. */
describe('clocks go back (SPEC 2)', () => {
  const BACK = 'clocks go back from 02:00 to 01:00 on this day';

  test('a fixed time that happens twice runs the first time only, and the note says so', async () => {
    expect(await preview('30 1 * * *', '2026-10-31T12:00:00Z', 2)).toEqual([
      {
        at: '2026-11-01T05:30:00Z',
        local: '2026-11-01T01:30:00-04:00',
        note: `${BACK}: 01:30 happens twice, runs only the first time`,
      },
      { at: '2026-11-02T06:30:00Z', local: '2026-11-02T01:30:00-05:00' },
    ]);
  });

  test('a schedule with a wildcard runs both times, and the notes say which is which', async () => {
    const twice = `${BACK}: 01:30 happens twice and runs both times`;
    expect(await preview('30 * * * *', '2026-11-01T04:00:00Z', 4)).toEqual([
      { at: '2026-11-01T04:30:00Z', local: '2026-11-01T00:30:00-04:00' },
      {
        at: '2026-11-01T05:30:00Z',
        local: '2026-11-01T01:30:00-04:00',
        note: `${twice}, this is the first`,
      },
      {
        at: '2026-11-01T06:30:00Z',
        local: '2026-11-01T01:30:00-05:00',
        note: `${twice}, this is the second`,
      },
      { at: '2026-11-01T07:30:00Z', local: '2026-11-01T02:30:00-05:00' },
    ]);
  });

  test('@every goes by the time that passes: the same distance, and no note', async () => {
    expect(await preview('@every 1h', '2026-11-01T04:00:00Z', 3)).toEqual([
      { at: '2026-11-01T05:00:00Z', local: '2026-11-01T01:00:00-04:00' },
      { at: '2026-11-01T06:00:00Z', local: '2026-11-01T01:00:00-05:00' },
      { at: '2026-11-01T07:00:00Z', local: '2026-11-01T02:00:00-05:00' },
    ]);
  });

  test('midnight stays midnight', async () => {
    expect(await preview('@daily', '2026-10-31T12:00:00Z', 2)).toEqual([
      { at: '2026-11-01T04:00:00Z', local: '2026-11-01T00:00:00-04:00' },
      { at: '2026-11-02T05:00:00Z', local: '2026-11-02T00:00:00-05:00' },
    ]);
  });
});

test('a zone whose clocks never change has no notes', async () => {
  const { body } = await tenant.post('/automation/schedules/preview', {
    schedule: '30 2 * * *',
    timezone: 'Asia/Kolkata',
    from: '2026-03-07T12:00:00Z',
    count: 1,
  });
  expect(body['next_runs']).toEqual([{ at: '2026-03-07T21:00:00Z', local: '2026-03-08T02:30:00+05:30' }]);
});
