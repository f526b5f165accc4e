import { buildDueJob } from './due-job.fixture.ts';
import { idTime, newId } from './id.ts';
import { type ClaimPlan, planClaim } from './plan-claim.ts';

/** A time of the day on which the job was created, at midnight. */
const at = (time: string) => new Date(`2025-12-01T${time}Z`);

const idsOf = (plan: ClaimPlan) => plan.executions.map(({ id }) => id);
const states = (plan: ClaimPlan) => plan.executions.map(({ state }) => state);

test('a job that is due gets an execution, and goes on with its next occurrence', () => {
  const job = buildDueJob();
  const plan = planClaim(job, at('01:00:00'), 10);
  expect(plan).toEqual({
    executions: [
      {
        id: plan.executions[0]?.id,
        jobId: job.id,
        accountId: 'acc-1',
        functionId: 'fn-1',
        scheduledFor: at('01:00:00'),
        dueAt: at('01:00:00'),
        trigger: 'schedule',
        state: 'ready',
        reason: null,
      },
    ],
    missed: null,
    next: { scheduledFor: at('02:00:00'), dueAt: at('02:00:00') },
    status: 'active',
    statusReason: null,
  });
});

test("an execution's id carries the time of its occurrence, which leads to its partition", () => {
  const { executions } = planClaim(buildDueJob({ catchUpPolicy: 'all' }), at('03:30:00'), 10);
  expect(executions.map(({ id }) => idTime(id))).toEqual([at('01:00:00'), at('02:00:00'), at('03:00:00')]);
});

test('an occurrence has the same execution id whenever it is claimed: from a restored backup it is no other one', () => {
  const job = buildDueJob({ catchUpPolicy: 'all' });
  const [first] = idsOf(planClaim(job, at('01:00:00'), 10));
  const all = idsOf(planClaim(job, at('03:30:00'), 10));
  const ofAnother = idsOf(planClaim({ ...job, id: newId(new Date()) }, at('03:30:00'), 10));
  expect(all[0]).toBe(first);
  expect(new Set([...all, ...ofAnother]).size).toBe(6);
});

test('the next run is when its jitter has passed', () => {
  const job = buildDueJob({ jitterSeconds: 3_600 });
  const { next } = planClaim(job, job.nextRun, 10);
  expect(next?.scheduledFor).toEqual(at('02:00:00'));
  expect(next?.dueAt.getTime()).toBeGreaterThan(at('02:00:00').getTime());
});

describe('a job without a further occurrence is completed, with its reason', () => {
  test('a one-off', () => {
    const plan = planClaim(buildDueJob({ schedule: '@at 2025-12-01T01:00:00Z' }), at('01:00:00'), 10);
    expect(plan).toMatchObject({
      executions: [{ scheduledFor: at('01:00:00'), state: 'ready' }],
      next: null,
      status: 'completed',
      statusReason: 'schedule "@at 2025-12-01T01:00:00Z" has no further run',
    });
  });

  test('at end_at, the occurrence on end_at itself included', () => {
    expect(planClaim(buildDueJob({ endAt: at('01:00:00') }), at('01:00:00'), 10)).toMatchObject({
      executions: [{ scheduledFor: at('01:00:00') }],
      next: null,
      status: 'completed',
      statusReason: 'schedule "@hourly" has no further run before end_at 2025-12-01T01:00:00Z',
    });
  });

  test('even if all that was left was missed', () => {
    const job = buildDueJob({ endAt: at('02:00:00'), catchUpPolicy: 'none' });
    expect(planClaim(job, at('05:00:00'), 10)).toMatchObject({
      executions: [],
      missed: { count: 2 },
      next: null,
      status: 'completed',
    });
  });
});

describe.each([
  { timezone: 'Mars/Base', schedule: '@hourly' },
  { timezone: 'UTC', schedule: '61 * * * *' },
])('a job that can no longer be read ($schedule in $timezone)', (unreadable) => {
  test('is paused with the reason, and does not fail the claim of others', () => {
    const plan = planClaim({ ...buildDueJob(), ...unreadable }, at('05:00:00'), 10);
    expect(plan).toMatchObject({ executions: [], missed: null, next: null, status: 'paused' });
    expect(plan.statusReason).toContain(unreadable.timezone === 'UTC' ? '61' : 'Mars/Base');
  });
});

test('an error that is no fault of the schedule is not swallowed', () => {
  const job = buildDueJob();
  Object.defineProperty(job, 'schedule', {
    get: () => {
      throw new Error('a bug');
    },
  });
  expect(() => planClaim(job, at('05:00:00'), 10)).toThrow('a bug');
});

describe('the limit', () => {
  const job = buildDueJob({ catchUpPolicy: 'all' });

  test('leaves the job due with the rest, the oldest first', () => {
    const plan = planClaim(job, at('05:30:00'), 2);
    expect(plan.executions.map(({ scheduledFor }) => scheduledFor)).toEqual([at('01:00:00'), at('02:00:00')]);
    expect(plan).toMatchObject({
      next: { scheduledFor: at('03:00:00'), dueAt: at('03:00:00') },
      status: 'active',
    });
  });

  test('does not complete a job before the last of its occurrences is claimed', () => {
    const ending = buildDueJob({ catchUpPolicy: 'all', endAt: at('03:00:00') });
    expect(planClaim(ending, at('05:30:00'), 2)).toMatchObject({
      status: 'active',
      next: { dueAt: at('03:00:00') },
    });
    expect(planClaim(ending, at('05:30:00'), 3)).toMatchObject({ status: 'completed', next: null });
  });

  test.each(['latest', 'none'] as const)(
    'is no matter to %s, which has one execution at most',
    (catchUpPolicy) => {
      const other = buildDueJob({ catchUpPolicy });
      expect(planClaim(other, at('05:00:30'), 1)).toMatchObject({
        executions: [{ scheduledFor: at('05:00:00') }],
        missed: { count: 4 },
        next: { scheduledFor: at('06:00:00') },
      });
    },
  );
});

describe('executions of one claim see each other', () => {
  test.each([
    ['skip', ['ready', 'waiting', 'waiting']],
    ['queue', ['ready', 'waiting', 'waiting']],
    ['allow', ['ready', 'ready', 'ready']],
  ] as const)('%s', (overlapPolicy, expected) => {
    const job = buildDueJob({ catchUpPolicy: 'all', overlapPolicy });
    expect(states(planClaim(job, at('03:30:00'), 10))).toEqual(expected);
  });

  test('those that max_runs has no room for are skipped', () => {
    const job = buildDueJob(
      { catchUpPolicy: 'all', overlapPolicy: 'allow', maxRuns: 4 },
      { runCount: 1, inFlight: 1 },
    );
    expect(states(planClaim(job, at('03:30:00'), 10))).toEqual(['ready', 'ready', 'skipped']);
  });
});
