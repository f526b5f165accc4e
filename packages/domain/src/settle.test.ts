import { buildAttempt, GONE, REJECTED, succeeded, TIMED_OUT, unavailable } from './attempt.fixture.ts';
import type { Phase } from './execution.ts';
import { settle } from './settle.ts';

const perform = { phase: 'perform' } as const;

describe('a check that succeeds', () => {
  test('hands off to the perform at once: payload, over it performPayload, over both the reserved keys (SPEC 3.7)', () => {
    const attempt = buildAttempt({ payload: { city: 'Oslo', phase: 'mine' } });
    const output = { shouldPerform: true, performPayload: { reason: 'rain', automation_job: 'other' } };

    expect(settle(attempt, succeeded(output))).toMatchObject({
      phase: 'check',
      status: 'performing',
      reason: null,
      functionIsGone: false,
      next: {
        phase: 'perform',
        delayMs: 0,
        performInput: { city: 'Oslo', reason: 'rain', automation_job: 'job-1', phase: 'perform' },
      },
    });
  });

  test('and answers "not now" ends the execution as declined, without a failure (SPEC 3.6)', () => {
    const settlement = settle(buildAttempt(), succeeded({ shouldPerform: false }));

    expect(settlement).toMatchObject({ status: 'declined', reason: null, next: null, functionIsGone: false });
    expect(settlement.record).toMatchObject({ status: 'succeeded', output: { shouldPerform: false } });
  });
});

test('a perform that succeeds ends the execution, whatever its output says (SPEC 3.8)', () => {
  const settlement = settle(buildAttempt(perform), succeeded({ shouldPerform: false }));

  expect(settlement).toMatchObject({
    phase: 'perform',
    status: 'succeeded',
    reason: null,
    next: null,
    functionIsGone: false,
  });
});

describe('what is worth it is retried, up to retry_limit times (SPEC 4)', () => {
  test.each<{ phase: Phase; number: number; status: string }>([
    { phase: 'check', number: 1, status: 'checking' },
    { phase: 'check', number: 2, status: 'checking' },
    { phase: 'perform', number: 1, status: 'performing' },
    { phase: 'perform', number: 2, status: 'performing' },
  ])('attempt $number of the $phase: again, and $status meanwhile', ({ phase, number, status }) => {
    for (const result of [unavailable(), TIMED_OUT]) {
      const settlement = settle(buildAttempt({ phase, number }), result);

      expect(settlement).toMatchObject({ phase, status, reason: null, functionIsGone: false });
      expect(settlement.next).toMatchObject({ phase, performInput: null });
      expect(settlement.record).toMatchObject({ status: 'retrying', attempts: number });
    }
  });

  test.each<{ phase: Phase; number: number; retryLimit: number }>([
    { phase: 'check', number: 3, retryLimit: 2 },
    { phase: 'perform', number: 3, retryLimit: 2 },
    { phase: 'perform', number: 4, retryLimit: 2 },
    { phase: 'check', number: 1, retryLimit: 0 },
  ])('attempt $number of the $phase is the last with retry_limit $retryLimit', (changes) => {
    const failed = settle(buildAttempt(changes), unavailable(60_000));
    const late = settle(buildAttempt(changes), TIMED_OUT);

    expect(failed).toMatchObject({ status: 'failed', reason: `${changes.phase}: HTTP 503`, next: null });
    expect(failed.record?.status).toBe('failed');
    expect(late).toMatchObject({
      status: 'timed_out',
      reason: `${changes.phase}: no answer within 30 s`,
      next: null,
    });
    expect(late.record?.status).toBe('timed_out');
  });

  test('the wait backs off from attempt to attempt', () => {
    const [first, second, third] = [1, 2, 3].map(
      (number) => settle(buildAttempt({ number, retryLimit: 9 }), unavailable()).next!.delayMs,
    );

    expect(first).toBeGreaterThanOrEqual(500);
    expect(first).toBeLessThanOrEqual(1_000);
    expect(second).toBeGreaterThanOrEqual(1_000);
    expect(second).toBeLessThanOrEqual(2_000);
    expect(third).toBeGreaterThanOrEqual(2_000);
    expect(third).toBeLessThanOrEqual(4_000);
  });

  test('Retry-After is honoured', () => {
    expect(settle(buildAttempt(), unavailable(120_000)).next?.delayMs).toBe(120_000);
  });
});

describe('what is permanent fails at once (SPEC 4)', () => {
  test.each<Phase>(['check', 'perform'])('a rejected %s', (phase) => {
    const settlement = settle(buildAttempt({ phase }), REJECTED);

    expect(settlement).toMatchObject({
      phase,
      status: 'failed',
      reason: `${phase}: HTTP 400`,
      next: null,
      functionIsGone: false,
    });
    expect(settlement.record).toMatchObject({ output: { hint: 'no such city' }, logs: ['looked it up'] });
  });

  test.each<Phase>(['check', 'perform'])('410 in the %s, which also pauses the job', (phase) => {
    expect(settle(buildAttempt({ phase }), GONE)).toMatchObject({
      phase,
      status: 'failed',
      reason: `${phase}: HTTP 410`,
      next: null,
      functionIsGone: true,
      record: { status: 'failed', httpStatus: 410 },
    });
  });
});

describe('the record of the phase', () => {
  test('says what was sent, what came back, and when, under the Idempotency-Key (SPEC 4)', () => {
    const attempt = buildAttempt({ ...perform, number: 2, input: { n: 1 } });

    expect(settle(attempt, succeeded({ done: true })).record).toEqual({
      id: 'exec-1:perform',
      input: { n: 1 },
      output: { done: true },
      logs: ['hello'],
      error: '',
      status: 'succeeded',
      startedAt: new Date('2025-12-01T00:00:00.000Z'),
      completedAt: new Date('2025-12-01T00:00:00.500Z'),
      attempts: 2,
      httpStatus: 200,
      times: { connectMs: 0, waitMs: 480, bodyMs: 20 },
      retryAt: null,
    });
  });

  test('of an attempt that another one follows says when', () => {
    const { record, next } = settle(buildAttempt(), unavailable(60_000));

    expect(record?.retryAt).toEqual(new Date('2025-12-01T00:01:00.500Z'));
    expect(next?.delayMs).toBe(60_000);
  });

  test('of an attempt that ended elsewhere than where its request was made has no times', () => {
    const { times: _, ...attempt } = buildAttempt();

    expect(settle(attempt, TIMED_OUT).record?.times).toEqual({ connectMs: null, waitMs: null, bodyMs: null });
  });

  test('of an attempt without an answer has the error, and neither output, logs nor a status', () => {
    expect(settle(buildAttempt({ retryLimit: 0 }), TIMED_OUT).record).toMatchObject({
      id: 'exec-1:check',
      output: {},
      logs: [],
      error: 'no answer within 30 s',
      httpStatus: null,
    });
  });
});
