import { after, attempt, execution, phase } from './execution.fixture.ts';
import { lagOf, waterfallOf } from './waterfall.ts';

const ZERO = Date.parse(after(0));

/** The rows in milliseconds from when the execution was due: `check 1: wait 30-50`. */
function rowsOf(of: Parameters<typeof waterfallOf>[0], now = 0): string[] {
  return waterfallOf(of, ZERO + now).rows.map(({ phase: name, number, spans }) => {
    const parts = spans.map(({ part, from, to }) => `${part} ${from - ZERO}-${to - ZERO}`);
    return `${name ?? 'queue'} ${number}: ${parts.join(', ')}`;
  });
}

test('an attempt is laid out from its connection to its body, after its time in the queue', () => {
  const check = phase([attempt(1, 35, 90, { connect_ms: 5, wait_ms: 20, body_ms: 8 })]);
  const perform = phase([attempt(1, 110, 122, { connect_ms: 0, wait_ms: 10, body_ms: 0 })]);
  expect(rowsOf(execution({ check, perform }))).toEqual([
    'queue 0: claim 0-10, queue 10-30',
    'check 1: queue 30-35, connect 35-40, wait 40-60, body 60-68, request 68-90',
    'perform 1: queue 90-110, wait 110-120',
  ]);
});

test('backoff lies between two attempts, and what comes after it is the queue again', () => {
  const first = attempt(1, 30, 40, { status: 'retrying', http_status: 503, retry_at: after(540) });
  const check = phase([first, attempt(2, 550, 560)]);
  expect(rowsOf(execution({ check }))).toEqual([
    'queue 0: claim 0-10, queue 10-30',
    'check 1: request 30-40, backoff 40-540',
    'check 2: queue 540-550, request 550-560',
  ]);
});

test('without a log the phase itself tells of its latest attempt', () => {
  const check = phase([attempt(3, 100, 140)], { attempt_log: [], attempts: 3 });
  expect(rowsOf(execution({ check }))[1]).toBe('check 3: queue 30-100, request 100-140');
});

test('an accepted attempt lasts until it is completed', () => {
  const accepted = attempt(1, 30, 40, { status: 'accepted', http_status: 202, connect_ms: 2, wait_ms: 8 });
  const check = phase([attempt(1, 30, 30)]);
  const perform = phase([accepted]);
  expect(rowsOf(execution({ status: 'performing', check, perform }), 900).slice(2)).toEqual([
    'perform 1: connect 30-32, wait 32-40',
    'perform 1: completion 40-900',
  ]);
  const completed = phase([{ ...accepted, status: 'succeeded', completed_at: after(700) }]);
  expect(rowsOf(execution({ check, perform: completed }))[2]).toBe(
    'perform 1: connect 30-32, wait 32-40, completion 40-700',
  );
});

test('what is under way goes on until now: in the queue, in an attempt, or waiting with a reason', () => {
  const pending = execution({ status: 'pending', started_at: null });
  expect(rowsOf(pending, 80)).toEqual(['queue 0: claim 0-10, queue 10-80']);
  const checking = execution({ status: 'checking' });
  expect(rowsOf(checking, 80)[1]).toBe('check 1: running 30-80');
  const performing = execution({ status: 'performing', check: phase([attempt(1, 30, 50)]) });
  expect(rowsOf(performing, 80)[2]).toBe('perform 1: running 50-80');
  expect(rowsOf({ ...checking, reason: 'the circuit breaker is open' }, 80)[1]).toBe('check 1: queue 30-80');
});

test('a backoff under way is shown to its end', () => {
  const first = attempt(1, 30, 40, { status: 'retrying', retry_at: after(540) });
  const retrying = execution({ status: 'checking', check: phase([first], { status: 'retrying' }) });
  expect(rowsOf(retrying, 100)).toHaveLength(2);
  expect(waterfallOf(retrying, ZERO + 100).to).toBe(ZERO + 540);
  expect(rowsOf(retrying, 600)[2]).toBe('check 2: running 540-600');
});

test('a cancelled attempt is shown although it has no record', () => {
  const cancelled = execution({ status: 'cancelled', completed_at: after(200), reason: 'by request' });
  expect(rowsOf(cancelled, 10_000)[1]).toBe('check 1: cut_off 30-200');
});

test('lag counts from the occurrence, and of one that is caught up with from its claim', () => {
  expect(lagOf(execution())).toBe(30);
  expect(lagOf(execution({ trigger: 'catch_up' }))).toBe(20);
  expect(lagOf(execution({ started_at: null }))).toBeNull();
});
