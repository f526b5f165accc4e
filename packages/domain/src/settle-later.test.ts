import { buildAttempt, succeeded } from './attempt.fixture.ts';
import type { AttemptResult } from './attempt-result.ts';
import type { Phase } from './execution.ts';
import { postpone, settle } from './settle.ts';

/** Half a second after the attempt began (`buildAttempt`). */
const accepted = (withinMs: number | null = null): AttemptResult => ({
  kind: 'accepted',
  httpStatus: 202,
  withinMs,
});

describe('an attempt that the function accepts (SPEC 4, async completion)', () => {
  test.each<{ phase: Phase; status: string }>([
    { phase: 'check', status: 'checking' },
    { phase: 'perform', status: 'performing' },
  ])('keeps the execution $status until its deadline, and says so', ({ phase, status }) => {
    const settlement = settle(buildAttempt({ phase, number: 2 }), accepted());

    expect(settlement).toMatchObject({
      phase,
      status,
      reason: null,
      attempts: 2,
      functionIsGone: false,
      next: { phase, performInput: null, isDeadline: true },
      record: { status: 'accepted', output: {}, logs: [], error: '', attempts: 2, httpStatus: 202 },
    });
  });

  test.each([
    { what: "the attempt's own time by default", withinMs: null, delayMs: 29_500 },
    { what: 'longer, if the function says so', withinMs: 3_600_000, delayMs: 3_599_500 },
    { what: 'shorter, if the function says so', withinMs: 700, delayMs: 200 },
    { what: 'over already, if it took longer to say so', withinMs: 400, delayMs: 0 },
  ])('the deadline counts from the start of the attempt: $what', ({ withinMs, delayMs }) => {
    expect(settle(buildAttempt(), accepted(withinMs)).next?.delayMs).toBe(delayMs);
  });

  test('uses its attempt up: not completed in time, the last one timed out', () => {
    const late: AttemptResult = { kind: 'timed_out', httpStatus: 202, error: 'not completed' };

    expect(settle(buildAttempt({ number: 2, retryLimit: 2 }), late)).toMatchObject({
      status: 'checking',
      record: { status: 'retrying', attempts: 2 },
      next: { phase: 'check', isDeadline: false },
    });
    expect(settle(buildAttempt({ number: 3, retryLimit: 2 }), late)).toMatchObject({
      status: 'timed_out',
      record: { status: 'timed_out', attempts: 3, httpStatus: 202 },
      next: null,
    });
  });

  test('is completed like one that was answered at once', () => {
    const attempt = buildAttempt({ completedAt: new Date('2025-12-01T00:10:00Z') });

    expect(settle(attempt, succeeded({ shouldPerform: true }))).toMatchObject({
      status: 'performing',
      record: { status: 'succeeded', completedAt: new Date('2025-12-01T00:10:00Z') },
      next: { phase: 'perform', delayMs: 0, isDeadline: false },
    });
    expect(settle(attempt, succeeded({ shouldPerform: false }))).toMatchObject({
      status: 'declined',
      next: null,
    });
  });
});

test('an attempt that was completed by a machine whose clock is behind took no time, rather than less', () => {
  const attempt = buildAttempt({ completedAt: new Date('2025-11-30T23:59:59Z') });
  const { record } = settle(attempt, succeeded());

  expect(record?.completedAt).toEqual(attempt.startedAt);
});

describe('an execution that is postponed (SPEC 4, the circuit breaker)', () => {
  test.each<{ phase: Phase; attempts: number; status: string }>([
    { phase: 'check', attempts: 0, status: 'checking' },
    { phase: 'perform', attempts: 2, status: 'performing' },
  ])(
    'waits, in the same phase, $status, and has used up no attempt: $phase',
    ({ phase, attempts, status }) => {
      expect(postpone({ phase, attempts }, { delayMs: 30_000, reason: 'the circuit is open' })).toEqual({
        phase,
        status,
        reason: 'the circuit is open',
        record: null,
        attempts,
        next: { phase, delayMs: 30_000, performInput: null, isDeadline: false },
        functionIsGone: false,
      });
    },
  );
});
