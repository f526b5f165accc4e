import type { AttemptResult } from './attempt-result.ts';
import type { JsonObject } from './json.ts';
import type { Attempt } from './settle.ts';

/** The first attempt of a check, half a second long, then changed as the test needs it. */
export function buildAttempt(changes: Partial<Attempt> = {}): Attempt {
  return {
    executionId: 'exec-1',
    jobId: 'job-1',
    phase: 'check',
    number: 1,
    retryLimit: 2,
    timeoutMs: 30_000,
    payload: { city: 'Oslo' },
    input: { city: 'Oslo', automation_job: 'job-1', phase: 'check' },
    startedAt: new Date('2025-12-01T00:00:00.000Z'),
    completedAt: new Date('2025-12-01T00:00:00.500Z'),
    times: { connectMs: 0, waitMs: 480, bodyMs: 20 },
    ...changes,
  };
}

export function succeeded(output: JsonObject = {}): AttemptResult {
  return { kind: 'succeeded', httpStatus: 200, output, logs: ['hello'] };
}

export function unavailable(retryAfterMs: number | null = null): AttemptResult {
  return { kind: 'unavailable', httpStatus: 503, error: 'HTTP 503', retryAfterMs };
}

export const TIMED_OUT: AttemptResult = {
  kind: 'timed_out',
  httpStatus: null,
  error: 'no answer within 30 s',
};

export const REJECTED: AttemptResult = {
  kind: 'rejected',
  httpStatus: 400,
  error: 'HTTP 400',
  output: { hint: 'no such city' },
  logs: ['looked it up'],
};

export const GONE: AttemptResult = { kind: 'gone', httpStatus: 410, error: 'HTTP 410' };
