import { catchUp } from './catch-up.ts';
import { buildDueJob } from './due-job.fixture.ts';

const DAY = '2025-12-01';
/** A time of the day on which the job was created, at midnight. */
const at = (time: string) => new Date(`${DAY}T${time}Z`);
const UNLIMITED = 1_000_000;

const times = (dates: readonly { scheduledFor: Date }[]) =>
  dates.map(({ scheduledFor }) => scheduledFor.toISOString().slice(11, 16));

test('an occurrence that is claimed in time just runs, whatever the policy', () => {
  for (const catchUpPolicy of ['latest', 'all', 'none'] as const) {
    expect(catchUp(buildDueJob({ catchUpPolicy }), at('01:00:30'), UNLIMITED)).toEqual({
      run: [{ scheduledFor: at('01:00:00'), dueAt: at('01:00:00'), trigger: 'schedule' }],
      missed: null,
      upTo: at('01:00:00'),
    });
  }
});

describe('catch_up_policy latest: one execution for all that were missed (SPEC 3.3)', () => {
  test('a single late one runs as catch_up', () => {
    const { run, missed } = catchUp(buildDueJob(), at('01:20:00'), UNLIMITED);
    expect(run).toMatchObject([{ scheduledFor: at('01:00:00'), trigger: 'catch_up' }]);
    expect(missed).toBeNull();
  });

  test('of several the last one runs, the others are one entry of the ledger', () => {
    expect(catchUp(buildDueJob(), at('05:20:00'), UNLIMITED)).toEqual({
      run: [{ scheduledFor: at('05:00:00'), dueAt: at('05:00:00'), trigger: 'catch_up' }],
      missed: { from: at('01:00:00'), to: at('04:00:00'), count: 4, reason: 'catch_up_policy: latest' },
      upTo: at('05:00:00'),
    });
  });
});

test('an occurrence that the schedule has no longer, as the rules of its zone changed, is missed all the same', () => {
  const job = { ...buildDueJob(), nextRun: at('01:30:00'), nextOccurrence: at('01:30:00') };

  expect(catchUp(job, at('02:20:00'), UNLIMITED)).toMatchObject({
    run: [{ scheduledFor: at('02:00:00') }],
    missed: { from: at('01:30:00'), to: at('01:30:00'), count: 1 },
  });
});

describe('catch_up_policy none: nothing that was missed runs (SPEC 3.3)', () => {
  const job = buildDueJob({ catchUpPolicy: 'none' });

  test('all are missed if even the last one is late', () => {
    expect(catchUp(job, at('03:20:00'), UNLIMITED)).toEqual({
      run: [],
      missed: { from: at('01:00:00'), to: at('03:00:00'), count: 3, reason: 'catch_up_policy: none' },
      upTo: at('03:00:00'),
    });
  });

  test('the last one runs if it is in time', () => {
    const { run, missed } = catchUp(job, at('03:00:10'), UNLIMITED);
    expect(run).toMatchObject([{ scheduledFor: at('03:00:00'), trigger: 'schedule' }]);
    expect(missed).toMatchObject({ from: at('01:00:00'), to: at('02:00:00'), count: 2 });
  });
});

describe('catch_up_policy all: each one runs, oldest first, within its window (SPEC 3.3)', () => {
  test('all of them, the last one on schedule if it is in time', () => {
    const { run, missed } = catchUp(buildDueJob({ catchUpPolicy: 'all' }), at('04:00:10'), UNLIMITED);
    expect(times(run)).toEqual(['01:00', '02:00', '03:00', '04:00']);
    expect(run.map(({ trigger }) => trigger)).toEqual(['catch_up', 'catch_up', 'catch_up', 'schedule']);
    expect(missed).toBeNull();
  });

  test('those before the window are missed', () => {
    const job = buildDueJob({ catchUpPolicy: 'all', catchUpWindowSeconds: 7_200 });
    const { run, missed } = catchUp(job, at('05:30:00'), UNLIMITED);
    expect(times(run)).toEqual(['04:00', '05:00']);
    expect(missed).toEqual({
      from: at('01:00:00'),
      to: at('03:00:00'),
      count: 3,
      reason: 'catch_up_policy: all, beyond its window of 7200 s',
    });
  });

  test('one that lies exactly on the edge of the window runs', () => {
    const job = buildDueJob({ catchUpPolicy: 'all', catchUpWindowSeconds: 3_600 });
    expect(times(catchUp(job, at('05:00:00'), UNLIMITED).run)).toEqual(['04:00', '05:00']);
  });

  test('with a window in which nothing lies only one in time runs', () => {
    const job = buildDueJob({ catchUpPolicy: 'all', catchUpWindowSeconds: 0 });
    expect(times(catchUp(job, at('02:00:10'), UNLIMITED).run)).toEqual(['02:00']);
    expect(catchUp(job, at('02:20:00'), UNLIMITED)).toMatchObject({ run: [], missed: { count: 2 } });
  });

  test('not more than the limit at once: the job goes on after the last one that runs', () => {
    const { run, upTo } = catchUp(buildDueJob({ catchUpPolicy: 'all' }), at('09:30:00'), 3);
    expect(times(run)).toEqual(['01:00', '02:00', '03:00']);
    expect(upTo).toEqual(at('03:00:00'));
  });
});

test('occurrences after end_at are neither run nor missed', () => {
  const job = buildDueJob({ endAt: at('03:30:00') });
  expect(catchUp(job, at('09:00:00'), UNLIMITED)).toMatchObject({
    run: [{ scheduledFor: at('03:00:00') }],
    missed: { from: at('01:00:00'), to: at('02:00:00'), count: 2 },
  });
});

test('an occurrence whose jitter has not passed is left for the next claim', () => {
  const job = buildDueJob({ schedule: '*/10 * * * *', jitterSeconds: 599, catchUpPolicy: 'all' });
  const seen: string[] = [];
  let { nextRun, nextOccurrence } = job;
  const end = at('03:00:00');
  while (nextRun <= end) {
    const { run, upTo } = catchUp({ ...job, nextRun, nextOccurrence }, nextRun, UNLIMITED);
    expect(run).toHaveLength(1);
    expect(run[0]?.dueAt).toEqual(nextRun);
    seen.push(...times(run));
    const following = catchUp({ ...job, nextRun, nextOccurrence: upTo }, end, UNLIMITED).run[1];
    if (following === undefined) break;
    ({ dueAt: nextRun, scheduledFor: nextOccurrence } = following);
  }
  expect(seen.slice(0, 4)).toEqual(['00:10', '00:20', '00:30', '00:40']);
  expect(seen.length).toBeGreaterThanOrEqual(17);
});
