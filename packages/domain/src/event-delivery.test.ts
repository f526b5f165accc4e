import type { AttemptResult } from './attempt-result.ts';
import { settleDelivery } from './event-delivery.ts';

const NOW = new Date('2026-01-05T09:00:00Z');
const DAY_MS = 86_400_000;
const FRESH = { attempts: 0, failingSince: null };

const unavailable = (httpStatus: number | null, retryAfterMs: number | null = null): AttemptResult => ({
  kind: 'unavailable',
  httpStatus,
  error: 'HTTP 503',
  retryAfterMs,
});
const rejected = (httpStatus: number | null): AttemptResult => ({
  kind: 'rejected',
  httpStatus,
  error: `HTTP ${httpStatus}`,
  output: {},
  logs: [],
});

test.each<[string, AttemptResult]>([
  ['a JSON object', { kind: 'succeeded', httpStatus: 200, output: {}, logs: [] }],
  ['a text, which no function may answer', rejected(200)],
  ['202', { kind: 'accepted', httpStatus: 202, withinMs: null }],
  ['204', { kind: 'succeeded', httpStatus: 204, output: {}, logs: [] }],
])('any 2xx takes the event: %s', (_what, result) => {
  expect(settleDelivery({ attempts: 7, failingSince: NOW }, result, NOW)).toEqual({ kind: 'delivered' });
});

test('410 disables the endpoint at once', () => {
  const gone = { kind: 'gone', httpStatus: 410, error: 'HTTP 410 Gone' } as const;
  expect(settleDelivery(FRESH, gone, NOW)).toEqual({
    kind: 'disabled',
    reason: 'the endpoint answered 410 Gone',
  });
});

test.each<[string, AttemptResult]>([
  ['503', unavailable(503)],
  ['no connection', unavailable(null)],
  ['404', rejected(404)],
  ['a redirect', rejected(302)],
  ['a time-out', { kind: 'timed_out', httpStatus: null, error: 'no complete answer within 10 s' }],
])('anything else is tried again: %s', (_what, result) => {
  const failed = { kind: 'failed', attempts: 1, failingSince: NOW, error: expect.stringMatching(/./) };
  expect(settleDelivery(FRESH, result, NOW)).toMatchObject(failed);
});

const delayAfter = (attempts: number, retryAfterMs: number | null = null) => {
  const outcome = settleDelivery({ attempts, failingSince: NOW }, unavailable(503, retryAfterMs), NOW);
  return outcome.kind === 'failed' ? outcome.retryInMs : null;
};

test('the delays grow up to an hour, and a longer Retry-After wins', () => {
  expect(delayAfter(0)).toBeLessThanOrEqual(1_000);
  expect(delayAfter(9)).toBeGreaterThanOrEqual(256_000);
  for (const attempts of [12, 100]) {
    expect(delayAfter(attempts)).toBeGreaterThanOrEqual(1_800_000);
    expect(delayAfter(attempts)).toBeLessThanOrEqual(3_600_000);
  }
  expect(delayAfter(0, 5_000)).toBe(5_000);
});

test('after three days of failing the endpoint is disabled, and says since when and why', () => {
  const since = (ms: number) => ({ attempts: 80, failingSince: new Date(NOW.getTime() - ms) });
  expect(settleDelivery(since(3 * DAY_MS - 1), rejected(404), NOW)).toMatchObject({
    kind: 'failed',
    attempts: 81,
  });
  expect(settleDelivery(since(3 * DAY_MS), rejected(404), NOW)).toEqual({
    kind: 'disabled',
    reason: 'no event was taken since 2026-01-02T09:00:00Z: HTTP 404',
  });
});
